"""Chinese word lists that the question forms need."""

from __future__ import annotations

import re

_VERBS = """
安装 卸载 更换 替换 清洗 清洁 清理 设置 设定 连接 断开 重置 复位 恢复 添加 新增 增加 删除 移除 开启 关闭 启动 停止
打开 使用 查看 查询 修改 更改 变更 绑定
解绑 注册 注销 登录 退出 升级 更新 下载 上传 导入 导出 创建 新建 编辑 配置 检查 检测 调整 调节 拆卸 组装 选择 申请
取消 激活 校准 备份 还原 构建
编译 提交 运行 测试 调试 移动 复制 保存 生成 管理 编写 制作 获取 启用 禁用 配对 录入 锁定 解锁 保养 维护 维修 排除
存放 放置 固定 冲洗 消毒 预约 支付
开具 领取 兑换 联系 咨询 共享 分享 邀请 授权 验证 订阅 退订 搜索 查找 打印 扫描 切换 隐藏 显示 合并 拆分 转换 压缩
解压 加密 解密 部署 迁移 扩容 缩容
监控 回滚 发布 指定 撤销 重启 刷新 初始化 格式化 加入 修复 核对 填写 提供 测量 购买 开通 办理 报修 优化 限制 控制
加载 挂载 取出 装入 放入 插入 拔出
去除 整理 归档 通知 发送 接收 标记 收藏 关注 屏蔽 定位 重置 反馈 缴纳 续费 充值 提现 变更 下线 上线
"""
VERBS = tuple(sorted(set(_VERBS.split()), key=len, reverse=True))
"""Two- and three-character verbs that take a plain object: 重置|密码."""

COLLOQUIAL_VERBS: dict[str, str] = {
    "更换": "换", "修改": "改", "更改": "改", "清洗": "洗", "安装": "装", "连接": "连", "购买": "买", "删除": "删掉",
    "关闭": "关掉",
    "开启": "打开", "添加": "加", "维修": "修", "选择": "选", "查询": "查",
}  # fmt: skip
"""What people say; only before an object of two characters or more."""

SYNONYMS: tuple[tuple[str, str], ...] = (
    ("保修", "质保"),
    ("质保", "保修"),
    ("无法", "没法"),
    ("不能", "没法"),
    ("最多可以", "最多能"),
    ("手机号码", "手机号"),
    ("价格", "价钱"),
    ("客服热线", "客服电话"),
    ("开具发票", "开发票"),
)
"""Left → right keeps the meaning in any sentence; tried when the question's form gives few wordings."""

FAULT = (
    "无法", "不能", "不了", "不亮", "不响", "不出", "不转", "不通", "不工作", "不制冷", "不加热", "不启动", "不显示",
    "不准", "没有反应", "无反应", "无响应", "失败",
    "异常", "漏水", "渗水", "漏电", "报警", "报错", "故障", "噪音", "异响", "过大", "过小", "过慢", "变慢", "变小",
    "错误", "断开", "掉线", "卡住", "死机",
    "堵塞", "闪烁", "闪红", "发热", "发烫", "异味", "损坏", "破损", "连不上", "打不开", "失灵", "中断", "超时",
    "常亮", "没电", "卡纸", "偏低", "偏高",
)  # fmt: skip
"""Words of something that does not work: its cause is worth asking."""

HOW_BIG = (
    "电压",
    "功率",
    "电流",
    "容量",
    "尺寸",
    "面积",
    "体积",
    "压力",
    "噪音",
    "噪声",
    "流量",
    "转速",
    "亮度",
    "内存",
    "带宽",
    "分辨率",
)
MEASURED: dict[str, str] = {
    "重量": "多重",
    "净重": "净重多少",
    "高度": "多高",
    "宽度": "多宽",
    "长度": "多长",
    "厚度": "多厚",
    "深度": "多深",
    "重": "多重",
}
DURATIONS = (
    "时间",
    "时长",
    "期限",
    "周期",
    "有效期",
    "保修期",
    "质保期",
    "寿命",
    "续航",
    "时限",
    "犹豫期",
    "间隔",
    "保质期",
)
FEES = (
    "费用",
    "运费",
    "手续费",
    "邮费",
    "服务费",
    "安装费",
    "维修费",
    "检测费",
    "上门费",
    "押金",
    "违约金",
    "滞纳金",
    "年费",
    "月费",
    "快递费",
    "配送费",
)
PRICES = ("价格", "售价", "单价", "价钱")

TRADITIONAL = frozenset("麼樣嗎為這個們會對說點電開關設連機無線網號碼時間讓與嗎後裡還過")
"""Characters that tell Traditional text; its wordings would mix both scripts."""


def verb_and_object(do: str) -> tuple[str, str]:
    verb = next((v for v in VERBS if do.startswith(v)), "")
    return verb, do[len(verb) :].strip() if verb else ""


def plain_object(rest: str) -> bool:
    """A noun that can stand in front of its verb: short, without particles, coverbs and clauses."""
    return 2 <= len(rest) <= 12 and not re.search(
        r"[，,、的了过和与及或为成到在从给把被将向对并以后前时中里上下]|进行|一[个种次]|`", rest
    )


def is_operation(verb: str) -> bool:
    return bool(verb) and verb not in (
        "购买",
        "联系",
        "咨询",
        "申请",
        "选择",
        "预约",
        "反馈",
        "投诉",
        "获取",
        "办理",
        "报修",
        "领取",
        "兑换",
        "优化",
        "加入",
    )


def is_thing(s: str) -> bool:
    """A product or part in front of the question word, not a circumstance (在…, …后, 忘记…)."""
    return 2 <= len(s) <= 16 and not re.search(
        r"[，,后前时]$|^[在从用对给把将向当若如]|通过|忘|丢|想|要|可以|应该|之后|情况|用户|我|^首次|^初次|^长期", s
    )


def owned_by(s: str) -> str:
    return "的" if s and not s.endswith(("中", "里", "上", "下", "内", "后", "时")) and is_thing(s) else ""


def gap_after(s: str) -> str:
    return "" if s and "\u4e00" <= s[-1] <= "\u9fff" else " "
