"""Pairs of opposites in both languages: what `polarity` must not let pass for the same."""

from __future__ import annotations

OPPOSITES: tuple[tuple[str, str, str], ...] = (
    (
        "on/off",
        r"turn(?:s|ed|ing)?_(?:\w+_){0,3}on, switch(?:es|ed|ing)?_(?:\w+_){0,3}on, power(?:s|ed"
        r"|ing)?_(?:\w+_){0,2}on, 开机, 打开, 开启, 接通",
        r"turn(?:s|ed|ing)?_(?:\w+_){0,3}off, switch(?:es|ed|ing)?_(?:\w+_){0,3}off, power(?:s|ed"
        r"|ing)?_(?:\w+_){0,2}off, shut(?:s|ting)?_down, 关机, 关闭, 关掉, 切断",
    ),
    (
        "open/close",
        r"open(?:s|ed|ing)?, 打开, 开启, 开门, 开盖",
        r"clos(?:e|es|ed|ing), shut, 关闭, 关上, 合上, 关门, 关盖",
    ),
    (
        "enable/disable",
        r"enabl(?:e|es|ed|ing), activat(?:e|es|ed|ing|ion), 启用, 开启, 激活, 开通, 启动",
        r"disabl(?:e|es|ed|ing), deactivat(?:e|es|ed|ing|ion), 停用, 禁用, 关闭, 停止, 注销",
    ),
    (
        "start/stop",
        r"start(?:s|ed|ing)?, begin, launch, 启动, 开始",
        r"stop(?:s|ped|ping)?, end(?:s|ed|ing)?, quit, 停止, 结束, 终止",
    ),
    (
        "connect/disconnect",
        r"connect(?:s|ed|ing)?, plug(?:s|ged|ging)?_in, 连接, 接入, 绑定, 连上",
        r"disconnect(?:s|ed|ing)?, unplug(?:s|ged|ging)?, 断开, 断连, 解绑, 断线",
    ),
    (
        "pair/unpair",
        r"pair(?:s|ed|ing)?, 配对",
        r"unpair(?:s|ed|ing)?, 取消配对, 解除配对",
    ),
    (
        "increase/decrease",
        r"increas(?:e|es|ed|ing), rais(?:e|es|ed|ing), turn_up, 增加, 提高, 调高, 升高, 增大, 上调, 加大, 调大",
        r"decreas(?:e|es|ed|ing), reduc(?:e|es|ed|ing), lower(?:s|ed|ing)?, turn_down, 减少, 降低, 调低, 减小, "
        r"下调, 调小",
    ),
    (
        "lock/unlock",
        r"lock(?:s|ed|ing)?, 锁定, 上锁, 锁住, 加锁, 锁屏",
        r"unlock(?:s|ed|ing)?, 解锁, 开锁",
    ),
    (
        "install/uninstall",
        r"install(?:s|ed|ing|ation)?, 安装, 装上",
        r"uninstall(?:s|ed|ing|ation)?, 卸载, 拆卸, 拆除",
    ),
    (
        "mount/unmount",
        r"mount(?:s|ed|ing)?, 挂载",
        r"unmount(?:s|ed|ing)?, dismount, 卸载",
    ),
    (
        "add/remove",
        r"add(?:s|ed|ing)?, insert(?:s|ed|ing)?, 添加, 新增, 增加, 插入, 加入, 放入",
        r"remov(?:e|es|ed|ing), delet(?:e|es|ed|ing|ion), 删除, 移除, 去掉, 取出, 拔出, 取下",
    ),
    (
        "create/delete",
        r"creat(?:e|es|ed|ing), register(?:s|ed|ing)?, 创建, 新建, 注册",
        r"delet(?:e|es|ed|ing|ion), 删除, 注销",
    ),
    (
        "import/export",
        r"import(?:s|ed|ing)?, 导入",
        r"export(?:s|ed|ing)?, 导出",
    ),
    (
        "upload/download",
        r"upload(?:s|ed|ing)?, 上传",
        r"download(?:s|ed|ing)?, 下载",
    ),
    (
        "log in/log out",
        r"log(?:s|ged|ging)?_?in, sign(?:s|ed|ing)?_in, login, 登录, 登入, 登陆",
        r"log(?:s|ged|ging)?_?out, log(?:s|ged|ging)?_off, sign(?:s|ed|ing)?_out, sign(?:s|ed|ing)?_off, 退出, 登出",
    ),
    (
        "join/leave",
        r"join(?:s|ed|ing)?, 加入",
        r"leav(?:e|es|ing), 退出, 离开",
    ),
    (
        "before/after",
        r"before, prior_to, 之前, 以前, 前(?=[,，]|请|应|需|必须), (?<=[购装用动机货付洗换买款])前",
        r"after, 之后, 以后, 后(?=[,，]|请|应|需|必须), (?<=[购装用动机货付洗换买款])后",
    ),
    (
        "minimum/maximum",
        r"minim(?:um|al), least, lowest, smallest, shortest, 最小, 最低, 最少, 最短, 至少, 下限",
        r"maxim(?:um|al), most, highest, largest, longest, 最大, 最高, 最多, 最长, 至多, 上限",
    ),
    (
        "more than/less than",
        r"more_than, over, above, exceed(?:s|ed|ing)?, longer_than, later_than, 以上, 超过, 大于, 高于, 多于, "
        r"之上, 不少于, 不低于",
        r"less_than, fewer_than, under, below, up_to, within, at_most, 以下, 少于, 小于, 低于, 不到, 以内, "
        r"不超过, 不大于, 不高于",
    ),
    (
        "charge/discharge",
        r"charg(?:e|es|ed|ing), 充电",
        r"discharg(?:e|es|ed|ing), 放电",
    ),
    (
        "buy/sell",
        r"buy(?:s|ing)?, purchas(?:e|es|ed|ing), 购买, 买入, 买",
        r"sell(?:s|ing)?, sold, 出售, 卖出, 卖",
    ),
    (
        "send/receive",
        r"send(?:s|ing)?, sent, 发送, 寄出, 寄送, 转出",
        r"receiv(?:e|es|ed|ing), 接收, 收到, 转入",
    ),
    (
        "deposit/withdraw",
        r"deposit(?:s|ed|ing)?, top(?:s|ped|ping)?_up, 存款, 充值, 存入",
        r"withdraw(?:s|n|ing|al|als)?, 取款, 提现, 取出",
    ),
    (
        "borrow/lend",
        r"borrow(?:s|ed|ing)?, 借入, 借款",
        r"lend(?:s|ing)?, lent, 借出, 还款, 出借",
    ),
    (
        "accept/reject",
        r"accept(?:s|ed|ing)?, approv(?:e|es|ed|ing|al), allow(?:s|ed|ing)?, 接受, 允许, 同意, 通过",
        r"reject(?:s|ed|ing|ion)?, declin(?:e|es|ed|ing), den(?:y|ies|ied|ying), 拒绝, 驳回, 禁止",
    ),
    (
        "encrypt/decrypt",
        r"encrypt(?:s|ed|ing|ion)?, 加密",
        r"decrypt(?:s|ed|ing|ion)?, 解密",
    ),
    (
        "compress/extract",
        r"compress(?:es|ed|ing)?, zip, 压缩",
        r"decompress(?:es|ed|ing)?, unzip, extract(?:s|ed|ing)?, 解压",
    ),
    (
        "upgrade/downgrade",
        r"upgrad(?:e|es|ed|ing), 升级",
        r"downgrad(?:e|es|ed|ing), 降级",
    ),
    (
        "back up/restore",
        r"back(?:s|ed|ing)?_up, backup, 备份",
        r"restor(?:e|es|ed|ing), 恢复, 还原",
    ),
    (
        "subscribe/unsubscribe",
        r"subscrib(?:e|es|ed|ing), 订阅",
        r"unsubscrib(?:e|es|ed|ing), 取消订阅, 退订",
    ),
    (
        "follow/unfollow",
        r"follow(?:s|ed|ing)?, 关注",
        r"unfollow(?:s|ed|ing)?, 取消关注, 取关",
    ),
    (
        "hide/show",
        r"hid(?:e|es|den|ing), 隐藏",
        r"show(?:s|n|ing)?, display(?:s|ed|ing)?, unhide, 显示, 展示",
    ),
    (
        "mute/unmute",
        r"mut(?:e|es|ed|ing), 静音",
        r"unmut(?:e|es|ed|ing), 取消静音",
    ),
    (
        "block/unblock",
        r"block(?:s|ed|ing)?, 拉黑, 屏蔽, 封禁",
        r"unblock(?:s|ed|ing)?, 解封, 解除屏蔽",
    ),
    (
        "freeze/unfreeze",
        r"freez(?:e|es|ing), frozen, 冻结, 挂失",
        r"unfreez(?:e|es|ing), 解冻, 解挂",
    ),
    (
        "cancel/confirm",
        r"cancel(?:s|led|ed|ling|ing|lation)?, 取消, 撤销",
        r"confirm(?:s|ed|ing)?, 确认, 提交",
    ),
    (
        "input/output",
        r"input(?:s)?, 输入",
        r"output(?:s)?, 输出",
    ),
    (
        "internal/external",
        r"internal(?:ly)?, inside, indoors?, 内部, 室内",
        r"external(?:ly)?, outside, outdoors?, 外部, 室外, 户外",
    ),
    (
        "left/right",
        r"left, 左",
        r"right(?=_(?:side|hand|button|door|panel|of|arm|knob|key|lever|wheel|pedal|dial|half|edge|corner|mouse))|right-hand, 右",
    ),
    (
        "front/rear",
        r"front, 前面, 前部, 正面",
        r"rear, back_(?:side|panel), 后面, 后部, 背面",
    ),
    (
        "up/down",
        r"upward(?:s)?, 向上, 上升",
        r"downward(?:s)?, 向下, 下降",
    ),
    (
        "top/bottom",
        r"top, upper, 顶部, 上方, 上部",
        r"bottom, lower_(?:part|end|side), 底部, 下方, 下部",
    ),
    (
        "hot/cold",
        r"hot, warm, 热水, 加热, 制热, 高温",
        r"cold, cool, 冷水, 制冷, 冷却, 低温",
    ),
    (
        "fast/slow",
        r"fast, quick(?:ly)?, 快速, 太快",
        r"slow(?:ly)?, 缓慢, 太慢",
    ),
    (
        "full/empty",
        r"full, 装满, 已满",
        r"empty, 清空, 排空",
    ),
    (
        "old/new",
        r"old, 旧",
        r"new, 新(?=[的手机密版卡号设])",
    ),
    (
        "first/last",
        r"first, 首次, 第一次",
        r"last, 最后一次",
    ),
    (
        "early/late",
        r"early, 提前, 提早",
        r"late, overdue, 逾期, 延期, 延迟",
    ),
    (
        "inbound/outbound",
        r"inbound, incoming, 来电, 入站, 入库",
        r"outbound, outgoing, 去电, 出站, 出库",
    ),
    (
        "manual/automatic",
        r"manual(?:ly)?, by_hand, 手动",
        r"automatic(?:ally)?, auto, 自动",
    ),
    (
        "online/offline",
        r"online, 在线, 线上, 联网",
        r"offline, 离线, 线下, 断网",
    ),
    (
        "public/private",
        r"public, 公开, 公有, 公共",
        r"private, 私有, 私密, 私人",
    ),
    (
        "free/paid",
        r"free, free_of_charge, 免费",
        r"paid, 收费, 付费",
    ),
    (
        "wired/wireless",
        r"wired, 有线",
        r"wireless, 无线",
    ),
    (
        "male/female",
        r"male, men, 男",
        r"female, women, 女",
    ),
    (
        "valid/invalid",
        r"valid, 有效",
        r"invalid, expired, 无效, 失效, 过期",
    ),
    (
        "success/failure",
        r"success(?:ful|fully)?, succeed(?:s|ed)?, 成功",
        r"fail(?:s|ed|ure|ing)?, 失败",
    ),
    (
        "refund/exchange",
        r"refund(?:s|ed|ing)?, 退款, 退货",
        r"exchang(?:e|es|ed|ing), 换货",
    ),
)
"""Name, left side, right side. A side lists patterns, separated by ", "; English ones match as whole words with the
endings given; `_` stands for a blank or a hyphen."""
