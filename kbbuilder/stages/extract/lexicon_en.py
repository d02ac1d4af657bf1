"""English word lists of the structural engine: verbs that head a how-to, nouns that decide a question's form."""

from __future__ import annotations

VERBS = frozenset(
    (
        "access activate add adjust align allow analyse analyze apply archive arrange ask assemble assign attach authorize avoid back block book "
        "boot brew browse build burn buy calculate calibrate call cancel capture carry change charge check choose claim clean clear clone close "
        "collect combine commission commit compare compile complete compress compute configure confirm connect contact contribute control convert "
        "copy correct create customise customize cut deactivate debug decalcify declare decrease define delete deliver deploy descale design detach "
        "detect determine develop diagnose disable disassemble discard disconnect dismantle dispose distribute download drain draw drill drive edit "
        "eject embed empty enable encrypt end enlarge enter erase establish estimate evaluate exchange execute exit expand export extend extract "
        "feed file fill filter find finish fit fix flash flush follow force format gather generate get give grind group handle hang heat hide "
        "identify implement import improve include increase inform initialise initialize insert inspect install integrate invite invoke join keep "
        "label launch learn level limit link list load locate lock log look lower lubricate maintain make manage mark measure merge migrate "
        "modify monitor mount move name navigate obtain open operate optimise optimize order organise organize override pack package pair park "
        "patch pause pay perform pick place plan play plug polish post power prepare press preserve prevent print process produce program "
        "protect publish pull purchase push put query raise read receive recharge reconnect recover recycle redeem reduce refill refund register "
        "reinstall release reload relocate remove rename renew reorder repair replace reply report request require reschedule reset resize resolve "
        "restart restore resume retrieve return revert review revoke rinse rotate route run save scan schedule search secure select sell send "
        "separate service set share ship show shut sign simulate simplify skip solve sort specify split start stop store submit subscribe supply switch "
        "synchronise synchronize sync tag take test thaw tighten top track train transfer translate transport trim troubleshoot tune turn uninstall "
        "unlock unpack unpair unplug unsubscribe update upgrade upload use validate vent verify view visit wash watch wind wipe withdraw work wrap write zoom"
    ).split()
)

AMBIGUOUS = frozenset(
    (
        "access archive back block book boot brew drain vent group grind feed drill dry lead trim base guide order key stem build burn call cancel cause change charge check claim clean clone contact control copy cut design display "
        "draft drill drive exit export file fill filter find finish fit fix flash force format group heat import label launch level limit link list "
        "load lock log look mark measure monitor mount move name order pack package pair park patch pause pay pick place plan play plug polish post "
        "power press print process produce program purchase push query release repair reply report request reset return review route run scan schedule search "
        "secure service set share ship show sign sort split start stop store supply switch sync tag test top track train transfer transport trim turn update "
        "upgrade use view visit wash watch wind work wrap zoom open close complete correct empty level lower separate"
    ).split()
)
"""Verbs that are as often nouns or adjectives: imperative only when a determiner, a preposition or steps follow."""

NOMINALS = {
    "installation": "install", "uninstallation": "uninstall", "configuration": "configure", "operation": "operate", "removal": "remove",
    "replacement": "replace", "maintenance": "maintain", "registration": "register", "activation": "activate", "calibration": "calibrate",
    "adjustment": "adjust", "assembly": "assemble", "disassembly": "disassemble", "setup": "set up", "set-up": "set up", "initialization": "initialize",
    "initialisation": "initialise", "cancellation": "cancel", "connection": "connect", "disposal": "dispose of", "cleaning": "clean",
    "descaling": "descale", "lubrication": "lubricate", "verification": "verify", "customization": "customize", "compilation": "compile",
    "deployment": "deploy", "migration": "migrate", "preparation": "prepare", "programming": "program", "charging": "charge", "mounting": "mount",
    "commissioning": "commission", "transport": "transport", "unpacking": "unpack", "wiring": "wire", "refilling": "refill", "storage": "store",
}  # fmt: skip

NO_ARTICLE = frozenset(
    (
        "water power software paper data information access support milk coffee steam air oil gas heat light mode time feedback help money "
        "hardware firmware wi-fi wifi bluetooth internet e-mail email documentation access content text code maintenance"
    ).split()
)

GENERIC_OBJECTS = frozenset(
    "machine appliance device product unit system software program application app robot lock printer router hub equipment tool".split()
)

PREPOSITIONS = frozenset(
    "on in at with from to for by via using under over into onto without after before during as of off out up down through".split()
)
DETERMINERS = frozenset(
    "the a an your my our its this that these those all any each every some new another more multiple several no one two".split()
)

ASK_LIST = frozenset(
    (
        "requirements features options settings limits limitations restrictions methods contents components parts accessories types kinds modes benefits "
        "conditions terms exceptions exclusions rules functions indicators symbols buttons commands parameters specifications specification dimensions "
        "symptoms advantages disadvantages precautions instructions obligations responsibilities rights costs fees prices charges hours shortcuts "
        "formats variables prerequisites ports files levels categories causes differences colours colors sizes weights values rates discounts benefits channels"
    ).split()
)
"""Plural head nouns a customer asks for as a list: "What are the … ?"."""

ASK_SINGLE = frozenset(
    (
        "policy procedure process address number warranty coverage limit deadline fee price cost charge rate voltage current power capacity weight size "
        "temperature range frequency speed length width height depth volume pressure humidity interval default password format purpose structure "
        "scope difference order level licence license eligibility jurisdiction liability"
    ).split()
)
"""Singular head nouns a customer asks for as a value: "What is the … ?"."""

ASK_HOW_LONG = frozenset("period duration term lifetime time deadline".split())

VAGUE_TASKS = frozenset("name drive determine level order key stem sign top brew trim guide define separate".split())
"""Verbs that head a section of explanation rather than a task anyone asks for."""

ABSTRACT = frozenset(
    "arguments changes structure strategy syntax features concepts overview background principles theory basics issues properties commands wisely problems considerations conventions".split()
)
"""What nobody does anything to: a heading that ends so names no task."""

ASK_HOW_IT_WORKS = frozenset(
    "mode function switch-off shut-off lock timer profile profiles saver alarm reminder sensor automation automations scheduler".split()
)
"""Head nouns of a feature: "How does the eco mode work?"."""

PLATFORM = frozenset(
    "windows linux macos mac android ios ubuntu debian fedora ipad iphone unix docker kubernetes".split()
)

TOOLS = frozenset(
    "editor viewer calculator button tool key light lamp switch knob dial lever program manager browser dialog window menu panel tab app wizard".split()
)
"""Nouns that end the name of a tool: "the Schematic Editor"."""

NAMED_TOOLS = frozenset("editor viewer calculator manager wizard browser console designer inspector analyzer".split())
"""Nouns that end a proper name when it heads a chapter: "Symbol Editor", "3D Viewer"."""

PLAIN_NOUNS = frozenset(
    (
        "server client package packages system systems file files rule rules user users host hosts machine machines service services configuration "
        "option options setting settings module modules program programs software data image images device devices page pages source sources container "
        "containers entry entries menu item items element elements object objects field fields type types name names value values list lists table "
        "tables library libraries project projects step steps tool tools command commands part parts process processes problem problems thing things "
        "version versions release releases group groups link links node nodes key keys mode event events task tasks change changes work parameter parameters "
        "identifier identifiers namespace namespaces workspace path paths label labels tag tags flag flags token tokens block blocks "
        "contact contacts class classes symbol symbols property properties variable variables text line lines section sections format result results"
    ).split()
)
"""What every manual has: such a word alone does not tell a customer which one is meant."""

WHOLE_PARTS = frozenset(
    "image installer server client daemon service container package software machine system device program".split()
)
"""What a product's name may stand before: "the Mumble server"."""

PLAIN_ADJECTIVES = frozenset(
    "new required first existing additional default whole own other certain required same necessary further special single several basic common general simple typical useful recommended correct usual normal standard main current final specific particular different various other".split()
)

ON_SOFTWARE = frozenset(
    "install uninstall reinstall upgrade update configure start launch use build compile run download register restart stop remove delete deploy open close learn".split()
)
"""What one does to a program as a whole; anything else is done in it."""

EVENTS = frozenset(
    (
        "not no cannot can't n't fail fails failed error errors wrong stop stops blink blinks blinking flash flashes flashing lost lose broken break breaks damaged damage empty full leak leaks "
        "appear appears forget forgot forgotten missing late defective faulty exceed exceeds stuck hot cold slow noise noisy receive received notice happens wet dropped drop drops spill spilled "
        "expire expires expired cancel cancelled miss refuse refused reject rejected unable problem problems trouble fault crash crashes freezes hangs overheats weak without never unusual red emergency"
    ).split()
)
"""Words that make a condition something a customer runs into."""
