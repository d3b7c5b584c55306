"""What the demo city's leads say: composed from pieces for each category, so that hundreds of wordings come out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from clues.states import Channel


@dataclass(frozen=True)
class Subject:
    """One category as people tell of it.

    :param complaints, others: how often among complaints, and among everything else (relative weights).
    :param things: what was bought or found; ``faults``: what is wrong with it, each readable after a thing.
    """

    category: str
    complaints: int
    others: int
    things: Sequence[str]
    faults: Sequence[str]


def _said(category: str, complaints: int, others: int, things: str, faults: str) -> Subject:
    return Subject(category, complaints, others, things.split("、"), faults.split("；"))


SUBJECTS = (
    _said("food-sale", 110, 90, "散装糕点、袋装熟食、盒装牛奶、进口饼干、瓶装酱油、真空包装卤味、坚果礼盒、冷冻水饺",
          "已经超过保质期；有霉变和异味；包装胀袋；里面有异物；没有标明生产日期；临近保质期没有提示"),
    _said("food-catering", 95, 70, "外卖盒饭、火锅底料、凉拌菜、自助餐、烧烤拼盘、婚宴餐食、早餐包子",
          "里面有异物；食用后腹泻；与菜单图片明显不符；制作卫生状况差；分量与宣传不符；疑似使用变质原料"),
    _said("food-label", 40, 45, "预包装茶叶、自制果酱、蜂蜜、调味料、散装白酒、进口零食",
          "标签没有配料表；没有中文标签；标注的净含量字样不清；生产者名称与实际不符；营养成分表数值明显不合理"),
    _said("food-health", 22, 26, "蛋白粉、鱼油胶囊、益生菌冲剂、减肥茶、氨糖软骨素",
          "宣称能够治疗疾病；没有保健食品标志；以讲座方式向老年人推销；标注的批准文号查询不到"),
    _said("food-farm", 20, 24, "蔬菜、鲜鱼、排骨、草莓、土鸡蛋", "不新鲜；宣称有机但没有认证；没有进货凭证；疑似注水"),
    _said("food-production", 4, 16, "糕点、豆制品、米粉、腌制菜", "生产场所卫生不符合要求；没有生产许可；使用了过期原料"),
    _said("drug-sale", 18, 22, "感冒药、降压药、止咳糖浆、外用膏药", "没有处方即销售；药师不在岗；已经超过有效期；价格与标签不一致"),
    _said("drug-use", 3, 8, "输液药品、中药饮片、疫苗冷藏柜", "没有按说明书要求储存；购进记录不全；账物不符"),
    _said("drug-quality", 3, 6, "网购药品、散装中药材、进口眼药水", "来源不明；批号查询不到；与以往所购外观不同"),
    _said("cosmetic-sale", 22, 16, "面霜、染发膏、洗面奶、美白精华、儿童面霜",
          "使用后过敏；没有备案号；已经过期；疑似假冒；宣称的功效没有依据"),
    _said("cosmetic-label", 6, 8, "进口面膜、精油、牙膏", "没有中文标签；成分与备案不一致；没有标明使用期限"),
    _said("device-sale", 8, 10, "血压计、助听器、隐形眼镜、家用理疗仪", "没有注册证；夸大疗效；测量不准；售后推诿"),
    _said("device-use", 1, 7, "牙科综合治疗台、超声探头、一次性注射器", "没有维护记录；超过有效期；没有验证合格证明文件"),
    _said("equipment-lift", 14, 22, "住宅电梯、商场扶梯、写字楼电梯", "没有按期检验；多次困人；没有张贴使用标志；维保记录缺失"),
    _said("equipment-gas", 3, 8, "液化气钢瓶、二氧化碳气瓶", "超期未检；充装没有登记；重量不足"),
    _said("equipment-lifting", 0, 8, "叉车、桥式起重机", "没有使用登记；操作人员没有证件；没有定期自行检查"),
    _said("equipment-boiler", 0, 5, "蒸汽锅炉、压力容器", "安全阀超期未校；没有使用登记"),
    _said("product-quality", 62, 40, "手机、沙发、电动自行车、空调、儿童玩具、运动鞋、床垫、热水器、羽绒服、台灯",
          "使用不久即损坏；材质与标注不符；存在安全隐患；维修两次仍不能使用；没有合格证；与宣传的参数不符"),
    _said("product-fake", 18, 22, "白酒、香烟、品牌运动鞋、手机电池、机油", "疑似假冒；防伪码查询不到；与专柜商品明显不同"),
    _said("product-licence", 0, 8, "电线电缆、食品用塑料包装、燃气灶", "没有生产许可证；超出许可范围生产"),
    _said("metrology-settlement", 20, 20, "水果、加油站汽油、海鲜、废品回收秤、预拌混凝土",
          "缺斤短两；秤上没有检定标志；付款量与实际量不符"),
    _said("metrology-instrument", 0, 14, "电子计价秤、加油机、水表、出租车计价器", "没有经过检定；超过检定周期；铅封破损"),
    _said("metrology-package", 6, 10, "袋装大米、洗衣液、桶装食用油", "净含量不足；标注净含量与实测不符"),
    _said("price-marking", 34, 40, "停车位、蔬菜、理发服务、海鲜、景区商品", "没有明码标价；标价与结账价格不一致；标价签没有计价单位"),
    _said("price-fraud", 30, 24, "打折服装、促销家电、团购套餐、会员价商品",
          "虚构原价；促销时先提价后打折；结算时不履行价格承诺；附加条件没有事先说明"),
    _said("price-regulated", 10, 14, "物业服务、供水设施安装、停车服务、转供电", "收费高于政府规定的标准；重复收费；加价收取电费"),
    _said("price-fee", 0, 6, "中介服务、行业协会会费、检测服务", "强制收取费用；只收费不服务"),
    _said("advertising-false", 14, 34, "装修套餐、培训课程、房屋、减脂训练营", "广告内容与实际不符；含有保证性承诺；使用国家级、最佳等用语"),
    _said("advertising-medical", 5, 28, "理疗馆、保健食品、医疗美容项目、膏药", "广告宣称治愈率；没有广告审查批准文号；以患者名义作证明"),
    _said("advertising-online", 4, 22, "手机应用弹窗、公众号推文、电商首页广告", "没有一键关闭；没有标明“广告”；含有虚假的功效内容"),
    _said("advertising-outdoor", 0, 10, "楼盘围挡、灯箱、印刷宣传单", "含有升值承诺；使用绝对化用语；数据没有出处"),
    _said("competition-publicity", 4, 18, "英语培训、家用净水器、医美套餐", "虚构销量和好评；夸大功能和荣誉；编造用户评价"),
    _said("competition-confusion", 0, 12, "饮料、餐饮店招牌、日用百货", "使用与知名商品近似的包装装潢；擅自使用他人有一定影响的名称"),
    _said("competition-prize", 3, 8, "商场抽奖、扫码有奖活动", "奖项信息不明确；奖品没有兑付；最高奖金额超过规定"),
    _said("competition-bribery", 0, 4, "学校食堂供货、药品采购、装修材料推荐", "涉嫌给付回扣；账外给付推荐费"),
    _said("competition-network", 0, 5, "电商店铺、本地生活平台", "组织刷单炒信；干扰其他经营者的页面"),
    _said("ip-trademark", 0, 26, "服装、箱包、润滑油、茶叶、手机配件", "涉嫌侵犯注册商标专用权；擅自使用他人注册商标"),
    _said("ip-patent", 0, 8, "水杯、宠物用品、健身器材", "涉嫌假冒专利；专利已经终止仍标注专利号"),
    _said("certification-ccc", 3, 9, "插座、儿童安全座椅、充电宝", "没有强制性产品认证；认证证书已经撤销"),
    _said("certification-lab", 0, 6, "机动车检测报告、水质检测报告", "涉嫌出具不实检验报告；检测过程没有原始记录"),
    _said("standard-compulsory", 0, 5, "学生书包、燃气软管", "不符合强制性国家标准；没有标明执行标准"),
    _said("online-operator", 75, 28, "网购手机壳、二手相机、鲜花、网购外套、网络课程、演出票",
          "收到的商品与页面描述不符；卖家拒绝七日无理由退货；付款后迟迟不发货；页面没有公示营业执照；退款后仍被扣款"),
    _said("online-live", 26, 16, "直播间玉石、直播间羊绒衫、直播间茶叶、直播间护肤品",
          "主播宣称的材质与实物不符；售后联系不上；以最后几件诱导下单；赠品没有兑现"),
    _said("online-platform", 5, 8, "外卖平台、打车平台、电商平台", "没有核验入驻商家资质；单方面修改服务协议；不处理投诉"),
    _said("consumer-service", 74, 14, "美容护理、搬家服务、宠物洗护、驾校培训、摄影套餐、洗车服务、家电维修",
          "服务质量与约定不符；中途加价；损坏物品拒不赔偿；约定时间多次改期"),
    _said("consumer-prepaid", 66, 16, "健身卡、美发卡、教育培训课程、洗浴储值卡、儿童游乐年卡",
          "商家停业后余额不退；拒绝退还未使用的费用；转让给他人经营后不予认可；单方面缩减服务内容"),
    _said("consumer-goods", 50, 10, "皮鞋、定制家具、眼镜、手表、窗帘", "有质量问题拒绝退换；规格与约定不符；逾期交货；拒绝开具发票"),
    _said("consumer-terms", 14, 8, "健身合同、婚庆合同、家装合同", "约定概不退款；约定最终解释权归商家；违约责任明显不对等"),
    _said("registration-unlicensed", 3, 34, "小吃摊店、美容工作室、托管班、汽车修理铺", "没有营业执照；没有办理许可即经营；使用他人的营业执照"),
    _said("registration-false", 0, 10, "公司设立登记、法定代表人变更", "涉嫌冒用他人身份信息登记；提交的住所证明不真实"),
    _said("registration-address", 0, 8, "商贸公司、咨询公司", "通过登记的住所无法联系；变更经营场所没有办理登记"),
    _said("direct-pyramid", 2, 6, "保健品会员制推广、消费返利项目", "以发展人员数量计酬；要求交纳入门费"),
    _said("other", 8, 10, "店员、门店", "服务态度恶劣；夜间营业扰民；答复前后不一"),
)  # fmt: skip

# Of a category, or of all categories below a top one that have none of their own.
TRADES: Mapping[str, Sequence[str]] = {
    "food-catering": ("餐饮管理有限公司", "餐馆", "火锅店", "小吃店"),
    "equipment-gas": ("燃气有限公司", "气体有限公司"),
    "metrology-instrument": ("加油站", "农贸市场", "物资有限公司"),
    "price-marking": ("商场", "综合市场", "旅游服务有限公司"),
    "price-regulated": ("物业服务有限公司", "停车管理有限公司"),
    "price-fee": ("商务服务有限公司", "行业协会服务部"),
    "consumer-goods": ("家具店", "眼镜店", "百货店", "鞋业商行"),
    "consumer-service": ("生活服务部", "家政服务有限公司", "汽车服务有限公司", "摄影工作室"),
    "consumer-terms": ("健身服务有限公司", "婚庆服务部", "装饰工程有限公司"),
    "food": ("食品有限公司", "超市", "便利店", "食品经营部"),
    "drug": ("大药房", "药房", "医药有限公司"),
    "cosmetic": ("化妆品店", "美妆商行"),
    "device": ("医疗器械有限公司", "医疗器械经营部"),
    "equipment": ("物业服务有限公司", "商业管理有限公司", "机械设备有限公司"),
    "product": ("电器有限公司", "家居有限公司", "商贸有限公司", "百货店"),
    "metrology": ("加油站", "水产商行", "果品店", "物资有限公司"),
    "certification": ("检测有限公司", "机动车检测站", "电子商行"),
    "price": ("商场", "服饰店", "家电商行"),
    "advertising": ("文化传媒有限公司", "健康管理有限公司", "房地产营销中心", "装饰工程有限公司"),
    "competition": ("教育咨询有限公司", "科技有限公司", "商贸有限公司"),
    "ip": ("服饰有限公司", "汽配商行", "茶叶店"),
    "standard": ("文具商行", "五金店"),
    "online": ("电子商务有限公司", "网络科技有限公司", "网络商行"),
    "consumer": ("健身服务有限公司", "美容美发店", "教育咨询有限公司", "儿童乐园"),
    "registration": ("小吃店", "咨询有限公司", "汽车修理部"),
    "direct": ("健康科技有限公司", "生物科技有限公司"),
    "other": ("商行", "服务部"),
}
WHEN = ("本月上旬", "上周末", "前几天", "近期", "节假日期间", "上个月", "下班途中", "网上看到活动后")
BOUGHT = ("在{party}购买的{thing}，{fault}", "反映{party}的{thing}{fault}", "通过手机在{party}下单{thing}，发现{fault}",
          "在{party}消费，其{thing}{fault}")  # fmt: skip
SEEN = ("反映{party}经营的{thing}{fault}", "称{party}的{thing}{fault}", "举报{party}：{thing}{fault}")
PROOF = (
    "附照片两张",
    "附购物小票",
    "附支付记录和聊天记录截图",
    "能够提供实物",
    "附视频一段",
    "暂时没有书面凭证",
    "附订单截图",
)
BEFORE = (
    "已与商家协商未果",
    "商家答复与己无关",
    "店员拒绝说明",
    "多次联系无人接听",
    "商家只同意部分退款",
    "同小区多人遇到类似情况",
    "此前曾有类似反映",
)
CLAIMS = (
    "退还货款",
    "退一赔三",
    "退还余额",
    "更换商品",
    "赔偿损失并道歉",
    "退还多收的价款",
    "继续履行约定",
    "退货退款并承担运费",
)
WAYS = {
    Channel.INSPECTION: ("日常监督检查发现", "双随机抽查发现", "专项检查发现", "节前检查发现"),
    Channel.TRANSFER_IN: ("移送材料载明", "移送函反映"),
    Channel.ASSIGNED: ("上级交办要求核查", "上级转来材料反映"),
    Channel.OPINION: ("网民发帖反映", "媒体报道称", "短视频平台有内容反映"),
    Channel.DATA: ("监测发现", "监测系统推送的记录显示"),
    Channel.PROCURATORATE: ("检察机关认为应当给予行政处罚，移送材料载明",),
    Channel.SELF_FOUND: ("办理其他案件时发现", "巡查发现", "核对登记资料时发现"),
}
FAILED_ITEMS = ("菌落总数", "标签", "水分", "小零件", "甲醛含量", "防腐剂", "能效", "净含量", "重金属", "耐压强度")


def told(chance: Random, channel: str, subject: Subject, party: str) -> str:
    """One wording of what is wrong, as this channel would put it."""
    thing, fault = chance.choice(subject.things), chance.choice(subject.faults)
    if channel == Channel.COMPLAINT:
        what = chance.choice(BOUGHT).format(party=party, thing=thing, fault=fault)
        return f"投诉人{chance.choice(WHEN)}{what}，{chance.choice(BEFORE)}，{chance.choice(PROOF)}。"
    if channel == Channel.REPORT:
        what = chance.choice(SEEN).format(party=party, thing=thing, fault=fault)
        return f"{what}，{chance.choice(PROOF)}，要求依法查处。"
    if channel == Channel.SAMPLING:
        return f"{party}销售的产品抽检不合格，检验报告已送达，当事人{chance.choice(('没有', '已经'))}申请复检。"
    return f"{chance.choice(WAYS[Channel(channel)])}，{party}的{thing}{fault}。"


def told_again(text: str, chance: Random) -> str:
    """The same matter in somebody else's words, close enough to be recognised."""
    return f"{text.rstrip('。')}，{chance.choice(('希望尽快处理', '再次反映', '至今没有解决', '周边居民也有反映'))}。"
