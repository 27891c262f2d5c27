//! Every text of the report in both languages, side by side: a text that lacks one does not compile.

use saltern_base::glossary;
use saltern_units::Lang;

/// A text in both languages; `{name}` is filled by [`Text::with`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Text {
    pub(crate) en: &'static str,
    pub(crate) zh: &'static str,
}

impl Text {
    pub(crate) fn get(&self, lang: Lang) -> &'static str {
        lang.pick(self.en, self.zh)
    }

    /// The text with its `{name}`s filled.
    pub(crate) fn with(&self, lang: Lang, fields: &[(&str, &str)]) -> String {
        fields
            .iter()
            .fold(self.get(lang).to_owned(), |text, (name, value)| {
                text.replace(&format!("{{{name}}}"), value)
            })
    }
}

macro_rules! texts {
    ($($name:ident: $en:literal, $zh:literal;)*) => {
        $(pub(crate) const $name: Text = Text { en: $en, zh: $zh };)*
        /// All of them, for the tests.
        #[cfg(test)]
        const ALL: &[(&str, Text)] = &[$((stringify!($name), $name)),*];
    };
}

texts! {
    SUBTITLE: "Simulated ponds, {from} to {to} ({days} days)", "盐田模拟，{from}至{to}（{days} 天）";
    PLACE: "{lat}, {lon}, {elevation} m above the sea", "{lat}，{lon}，海拔 {elevation} m";
    TRUST_CLOSURE: "The book", "账本";
    TRUST_CLOSED: "closes: worst element of any node {worst} of its throughput", "已闭合：任一节点、任一元素的最大残差为通量的 {worst}";
    TRUST_NOT_CLOSED: "does not close to 1×10⁻⁹: worst {worst}", "未闭合到 1×10⁻⁹：最大残差 {worst}";
    TRUST_NO_CLOSURE: "closure was not checked", "未作闭合检验";
    TRUST_SOLVER: "Equilibria", "化学平衡";
    TRUST_SOLVED: "{count} solved, none failed", "求解 {count} 次，无失败";
    TRUST_FAILED: "{failed} of {count} failed; what follows from them is not to be trusted", "{count} 次中 {failed} 次失败；由此得出的结果不可信";
    TRUST_WEATHER: "Weather", "气象";
    TRUST_SYNTHETIC: "synthetic, generated from {name} (seed {seed}); not a record of any year", "合成数据，由 {name} 生成（种子 {seed}）；并非任何一年的实测";
    TRUST_FILE: "from the file {name}", "取自文件 {name}";
    TRUST_NO_WEATHER: "none needed: profiles are the base's own", "不需要：曲线由基地给出";
    TRUST_PROGRAMME: "The programme", "规划";
    TRUST_PLAN: "{status}: {rows} rows, {columns} columns, {iterations} iterations", "{status}：{rows} 行、{columns} 列、{iterations} 次迭代";
    PLAN_SUBTITLE: "Plan of dispatch, {from} to {to} ({days} days)", "调度计划，{from}至{to}（{days} 天）";
    PLAN_COST: "Cost", "成本";
    PLAN_GAP: "gap to the best possible {gap}", "与最优值的差距 {gap}";
    PLAN_CARBON: "Direct CO₂", "直接 CO₂";
    PLAN_CARBON_MORE: "of fuel and of bought power, by direct factors", "燃料与购电，按直接排放因子";
    PLAN_CURTAILED: "Curtailed", "弃电弃热";
    PLAN_BOUGHT: "Bought", "外购比例";
    PLAN_BOUGHT_MORE: "of all energy from sources and grids", "占电源、热源与电网供能总量";
    PLAN_FLEXIBILITY: "Flexibility earns", "灵活性收益";
    PLAN_FLEXIBILITY_MORE: "against no storage and no waiting work; {carbon} t CO₂ less", "与无储能、无可推迟作业相比；少排 CO₂ {carbon} t";
    PLAN_STACK: "Who gives, who takes", "谁供给、谁使用";
    PLAN_STACK_NOTE: "Above the line what a node is given, below it what is taken. Long plans are drawn as means of days, with two weeks step by step.", "线上为节点得到的能量，线下为取用的能量。较长的计划按日均值绘制，并附两个逐步的星期。";
    PLAN_DAYS: "{node}: means of days", "{node}：日均值";
    PLAN_STEPS: "{node}: step by step", "{node}：逐步";
    PLAN_WEEK_WEATHER: "{node}: the week with the most sun and wind, from {from}", "{node}：风光最多的一周，自 {from}";
    PLAN_WEEK_BOUGHT: "{node}: the week with the most bought, from {from}", "{node}：外购最多的一周，自 {from}";
    PLAN_CHARGE: "charging", "充入";
    PLAN_DISCHARGE: "discharging", "放出";
    PLAN_IMPORT: "bought", "购入";
    PLAN_EXPORT: "sold", "售出";
    PLAN_DEVIATION: "off schedule", "偏离计划";
    PLAN_HELD_AT_END: "held at the end", "期末所存";
    PLAN_DONE_AT_OTHER_TIMES: "done at other times", "于期外完成";
    PLAN_DEMAND: "demand", "需求";
    PLAN_SHORTAGE: "not served", "缺供";
    FORECAST_SUBTITLE: "Forecasts of sun, wind and load, {from} to {to} ({days} days)", "光照、风与负荷预测，{from}至{to}（{days} 天）";
    FORECAST: "How good the forecasts are", "预测效果";
    FORECAST_NOTE: "From each series' own past alone: no forecast sees what comes after its issue, and the first {days} days are for learning. Skill is 1 − RMSE ÷ RMSE of the simpler way: 0 is no better, negative is worse. Nights don't count for sun.", "仅由各序列自身的过去得出：任何一次预测都不使用发布之后的数据，前 {days} 天用于学习。技巧评分为 1 − RMSE ÷ 参照方法的 RMSE：0 表示没有改进，负值表示更差。光照预测不计夜间。";
    FORECAST_BEATS: "Better than persistence by {persistence}, than the day before by {day}, than climatology by {climatology} (RMSE, all leads).", "优于持续性预测 {persistence}，优于前一日 {day}，优于气候均值 {climatology}（RMSE，全部时效）。";
    FORECAST_FAILS: "This forecast does not beat persistence or the day before: {persistence} and {day} (RMSE, all leads; climatology {climatology}). Use the simpler one.", "本预测未能同时优于持续性预测与前一日：{persistence} 与 {day}（RMSE，全部时效；气候均值 {climatology}）。请使用更简单的方法。";
    FORECAST_RMSE: "RMSE, MW", "均方根误差（RMSE），MW";
    FORECAST_MAE: "MAE, MW", "平均绝对误差（MAE），MW";
    FORECAST_BIAS: "Bias, MW", "偏差，MW";
    FORECAST_CRPS: "CRPS, MW", "连续分级概率评分（CRPS），MW";
    FORECAST_SKILL_PERSISTENCE: "Skill against persistence", "对持续性预测的技巧";
    FORECAST_SKILL_DAY: "against the day before", "对前一日";
    FORECAST_SKILL_CLIMATOLOGY: "against climatology", "对气候均值";
    FORECAST_WITHIN_50: "Within the 50 % band", "落入 50 % 区间";
    FORECAST_WITHIN_80: "80 %", "80 % 区间";
    FORECAST_WITHIN_90: "90 %", "90 % 区间";
    FORECAST_LEAD: "Lead", "时效";
    FORECAST_BY_LEAD: "Error by lead (RMSE)", "各时效的误差（RMSE）";
    FORECAST_FORECAST: "forecast", "预测";
    FORECAST_PERSISTENCE: "persistence", "持续性";
    FORECAST_DAY_BEFORE: "day before", "前一日";
    FORECAST_CLIMATOLOGY: "climatology", "气候均值";
    FORECAST_WEEK: "A week in the middle, forecast at each midnight", "中间一周，每日零时发布";
    FORECAST_ACTUAL: "what came", "实际";
    FORECAST_BANDS: "expected, with bands of 50 and 90 %", "期望值与 50 %、90 % 区间";
    FORESIGHT: "What forecasts are worth", "预测的价值";
    FORESIGHT_NOTE: "Each window is carried out for {steps} steps, which it knows, and looks further ahead. Costs are less what stores hold at the end, at the prices of the plan over the whole period. Until forecasts have been learnt windows know what comes. This page shows the plan on forecasts.", "每个窗口执行 {steps} 步（该部分已知），并向前看得更远。成本已扣除期末储能按全期计划价格的价值。预测学成之前，窗口已知未来。本页显示基于预测的计划。";
    FORESIGHT_WINDOWS: "Beyond that windows", "其后窗口";
    FORESIGHT_KNOWING: "know what comes", "已知未来";
    FORESIGHT_FORECAST: "see forecasts", "使用预测";
    FORESIGHT_PERSISTENCE: "take what is for what comes", "使用持续性预测";
    FORESIGHT_GAINED: "Forecasts earn against persistence", "预测相对持续性的收益";
    SCENARIOS: "Decided for many scenarios", "面向多情景的决策";
    SCENARIOS_NOTE: "{count} scenarios of sun and wind, equally likely, from {from}, drawn from what past forecasts missed (seed {seed}). Which units are on and what is bought by schedule is decided once for all of them; the rest as each comes. What this page shows below is the mean of all scenarios. What stores hold at the end counts at the prices of the plan over the whole period.", "自 {from} 起的 {count} 个等概率风光情景，取自以往预测误差（种子 {seed}）。机组启停与计划购电对所有情景只决定一次，其余随情景调整。下文显示全部情景的平均。期末储能按全期计划的价格计值。";
    SCENARIOS_COST: "Expected cost", "期望成本";
    SCENARIOS_HERE: "decided for all scenarios: this plan", "面向全部情景的决策：本计划";
    SCENARIOS_OF_MEAN: "decided for their mean", "仅按均值决策";
    SCENARIOS_VSS: "what counting with scenarios is worth (VSS)", "考虑情景的价值（VSS）";
    SCENARIOS_WAIT: "if each were known", "若每个情景均已知";
    SCENARIOS_EVPI: "what knowing would be worth (EVPI)", "完全信息的价值（EVPI）";
    SCENARIOS_CAME: "of these decisions in what came", "本决策在实际情况下的成本";
    SCENARIOS_KNOWN: "least possible in what came", "实际情况下的最低成本";
    SCENARIOS_FAN: "{name}: what may be available, and what came (dark)", "{name}：各情景可用出力与实际（深色）";
    SCENARIOS_SCHEDULED: "Bought by schedule", "计划购电";
    SCENARIOS_ON: "On (1) or off (0)", "启（1）停（0）";
    SCENARIOS_NOTHING: "Nothing in this base must be decided beforehand: no unit is on or off, and no grid has a price for deviations (extra_price, less_price).", "该基地没有需要事先决定的事项：没有启停机组，电网也没有偏差价格（extra_price、less_price）。";
    PRODUCTION: "The plan of production", "生产计划";
    PRODUCTION_NOTE: "What this page shows is the simulation of the plan's schedule: it is worth {plan} million {currency}, the base's own rules {rules}; {simulations} simulations were made.", "本页显示的是计划日程的模拟结果：价值 {plan} 百万 {currency}，基地自身规则为 {rules}；共模拟 {simulations} 次。";
    PRODUCTION_PRODUCT: "Product, t", "产品，t";
    PRODUCTION_BY_RULES: "By the rules", "按规则";
    PRODUCTION_SIMULATED: "Plan, simulated", "计划（模拟）";
    PRODUCTION_PLANNED: "Programme", "线性规划";
    PRODUCTION_GAP: "Gap", "差距";
    PRODUCTION_TURN: "Turn", "轮次";
    PRODUCTION_PROMISED: "Promised", "规划预期";
    PRODUCTION_GAVE: "Simulated", "模拟结果";
    PRODUCTION_KEPT: "Kept", "采纳";
    PRODUCTION_GANTT: "Harvests and flows over the year", "全年采收与输卤";
    PRODUCTION_STOCKS: "Products in stock", "产品库存";
    PRODUCTION_STOCKS_NOTE: "At the end of each step of the plan, at the base and in the far warehouse together; dashed, what there is room for. What is made, shipped and sold in each step is in the frame market.", "各计划步末基地与外地仓库合计；虚线为库容。各步产量、发运量与销量见数据表 market。";
    PRODUCTION_STOCK: "{product}, t", "{product} 库存，t";
    PRODUCTION_BINDS: "What binds", "制约因素";
    PRODUCTION_BINDS_NOTE: "Limits that stand in the way, and what one more tonne in a step would earn (another crew, for crews). The {shown} of {all} that matter most.", "形成制约的限制，以及每步多一吨（船组为多一个船组）可带来的收益。共 {all} 项，列出最重要的 {shown} 项。";
    PRODUCTION_LIMIT: "Limit", "限制";
    PRODUCTION_WHEN: "When", "时段";
    PRODUCTION_WORTH: "Worth, {currency}", "价值，{currency}";
    PLAN_SIDE: "{name}: {what}", "{name}：{what}";
    PLAN_HELD: "held", "所存";
    PLAN_LEVELS: "What is held", "储能水平";
    PLAN_LEVELS_NOTE: "Energy in each store as a share of what it can hold.", "各储能所存能量占容量的比例。";
    PLAN_PRICES: "What a MWh is worth", "每 MWh 的价值";
    PLAN_PRICES_NOTE: "What one more MWh of demand would cost at each node: the duals of the balances.", "各节点多供 1 MWh 的代价：平衡约束的对偶值。";
    PLAN_WAITING: "Work that waits", "等待的计算作业";
    PLAN_WAITING_NOTE: "Computing work that has arrived and isn't done yet; none waits beyond its deadline.", "已到达而未完成的计算作业；不会超过期限。";
    MATCHING: "How clean, hour by hour", "逐时清洁用能";
    MATCHING_NOTE: "Energy is traced from its sources through lines, stores and converters to each consumer in proportion to what flows; a store gives the mixture that it holds. The score is the carbon-free share matched in each hour over all energy used (24/7 CFE). Carbon is direct: fuel, and bought power by its direct grid factor; no life-cycle factor is in it.", "按潮流比例将能量自来源经线路、储能与转换追踪至各用户；储能放出其所存的混合能量。评分为逐时匹配的无碳电量占全部用能的比例（24/7 CFE）。碳为直接排放：燃料及按电网直接因子计的购电，不含全生命周期因子。";
    MATCHING_MAP: "Carbon-free share of what is used, by hour of the day, %", "按一日各小时的无碳用能比例，%";
    MATCHING_HOURS: "Where it comes from, by hour of the day (means)", "按一日各小时的能量来源（均值）";
    MATCHING_CONSUMER: "Consumer", "用户";
    MATCHING_USED: "Used, GWh", "用能，GWh";
    MATCHING_SCORE: "Hourly score (CFE)", "逐时评分（CFE）";
    MATCHING_CLEAN_HOURS: "Steps wholly clean", "全清洁时段占比";
    MATCHING_CARBON: "Direct CO₂, kg/MWh", "直接 CO₂，kg/MWh";
    MATCHING_BASE: "The base, without what is sold", "全基地（不含售出）";
    MATCHING_ANNUAL: "Matched over the whole plan instead of by the hour, with carbon-free energy that is sold counted for use at other times: {share}.", "若不逐时而按整个计划期匹配（售出的无碳电量抵其他时段用电）：{share}。";
    MATCHING_START: "held at the start", "期初所存";
    MATCHING_SURROUNDINGS: "from surroundings", "取自环境";
    SERVICE: "How work was served", "作业服务水平";
    SERVICE_NOTE: "Work of a class is served in the order in which it comes. Slack is the time between an end and its deadline; none below zero unless work was given up.", "同类作业按到达先后执行。裕度为完成至期限的时间；除放弃的作业外不小于零。";
    SERVICE_CLASS: "Class", "类别";
    SERVICE_ARRIVED: "Arrived", "到达";
    SERVICE_IN_TIME: "Done in time", "按期完成";
    SERVICE_DROPPED: "Given up", "放弃";
    SERVICE_SLACK: "Least slack", "最小裕度";
    SERVICE_WAIT: "Mean wait", "平均等待";
    SERVICE_JOBS: "Jobs in time", "按期作业数";
    LIMITS: "Published limits of flexible work", "公布的柔性作业上限";
    LIMITS_QUANTILE: "What the plan does and a margin of {margin} on each day's work: the {quantile} quantile of the errors of its forecast by the days before. At least {kept} of what each day should hold is kept.", "计划量另加每日作业 {margin} 的裕量：取其按前日（前周）预测误差的 {quantile} 分位。各日应保证容量至少满足 {kept}。";
    LIMITS_GIVEN: "What the plan does and a margin of {margin} on each day's work, as given. At least {kept} of what each day should hold is kept.", "计划量另加每日作业 {margin} 的裕量（给定）。各日应保证容量至少满足 {kept}。";
    LIMITS_PLANNED: "planned", "计划";
    LIMITS_LIMIT: "limit", "上限";
    QUOTAS: "Quotas of energy and carbon", "能源与碳配额";
    QUOTAS_NOTE: "What is used so far as a share of what may be used. The worth is what one more unit would save.", "累计用量占配额的比例。价值为多一单位配额可节省的成本。";
    QUOTA: "Quota", "配额";
    QUOTA_LIMIT: "Limit", "上限";
    QUOTA_USED: "Used", "已用";
    QUOTA_LEFT: "Left", "剩余";
    QUOTA_PRICE: "Worth", "价值";
    QUOTA_WINDOWS: "{name}: shares of the windows", "{name}：各窗口份额";
    QUOTA_WINDOW: "Window", "窗口";
    QUOTA_GIVEN: "Given", "分得";
    EXPANSION_SUBTITLE: "Plan of expansion on the year {from} to {to} ({days} days)", "扩建计划，以{from}至{to}（{days} 天）为典型年";
    EXPANSION_COST: "Cost of all stages", "各阶段总成本";
    EXPANSION_COST_MORE: "building and running, discounted at {discount} a year to the first", "建设与运行，按每年 {discount} 折现至首个阶段";
    EXPANSION_INVESTED: "Money for what is built", "建设投资";
    EXPANSION_CARBON_MORE: "in a year of {year}, in all hours", "{year} 年全年逐时";
    EXPANSION_GAP: "Weeks against all hours", "典型周与逐时之差";
    EXPANSION_GAP_MORE: "worst stage; of what a year of it costs", "差距最大的阶段，占该年成本的比例";
    EXPANSION: "What stands", "各阶段规模";
    EXPANSION_NOTE: "What stands in each stage, what was there before included, and what is built in it (+). Power of heat stands beside power of electricity: mirrors count by the heat they give, converters by the power they take in, halls by that of their computers, stores by the power they give. Ponds and plants are not built here: what a plant gives hangs on chemistry that a plan of capacities does not know.", "各阶段的规模（含已有部分）及当期新建（+）。热功率与电功率并列：镜场按产热、转换装置按输入功率、机房按计算功率、储能按放出功率计。盐池与工厂不在此扩建：其产出取决于化学过程，容量规划无从得知。";
    EXPANSION_POWER: "Power", "功率";
    EXPANSION_ENERGY: "Energy of stores", "储能容量";
    EXPANSION_STANDS: "Stands, and is built (+)", "规模与新建（+）";
    EXPANSION_STAGES: "What it costs and emits", "成本与排放";
    EXPANSION_STAGES_NOTE: "Million {currency}; a year of the stage except for what is built. The plan is made on weeks that stand for the year; each stage is checked by the dispatch of all hours of its year with what stands, and that is the figure to believe. Below, the dispatch of the last stage in all hours.", "百万 {currency}；除建设投资外均为该阶段一年。计划以典型周编制；每个阶段再以其规模对全年逐时调度复核，应以复核值为准。下文为最后一个阶段的逐时调度。";
    EXPANSION_DEMAND: "Demand against the base's", "需求与基地之比";
    EXPANSION_BUDGET: "Budget", "预算";
    EXPANSION_CAPITAL: "Paid a year for what stands", "年度建设费用";
    EXPANSION_RUNNING: "Running, by the weeks", "运行成本（典型周）";
    EXPANSION_CHECKED: "Running, in all hours", "运行成本（逐时）";
    EXPANSION_SHORTAGE: "Not served in all hours, MWh", "缺供（逐时），MWh";
    EXPANSION_UNSERVED: "cannot be served: plan with more weeks", "无法满足：请增加典型周数";
    EXPANSION_CARBON: "Direct CO₂ by the weeks, t", "直接 CO₂（典型周），t";
    EXPANSION_CARBON_CHECKED: "Direct CO₂ in all hours, t", "直接 CO₂（逐时），t";
    EXPANSION_CAP: "Cap, t", "上限，t";
    EXPANSION_CAP_BROKEN: "not kept in all hours", "逐时复核未能满足";
    EXPANSION_BINDS_NOTE: "What one more of a limit would save, its own cost counted: of a budget and of what may be built over all stages, discounted; of a cap in a year of its stage.", "放宽一单位限制可节省的净费用（已计其自身成本）：预算与建设上限为各阶段折现合计；碳上限为该阶段一年。";
    EXPANSION_BINDS_BUDGET: "Budget of {year}", "{year} 年预算";
    EXPANSION_BINDS_CARBON: "Carbon cap of {year}", "{year} 年碳上限";
    EXPANSION_BINDS_MOST: "{name}: most built in {year}", "{name}：{year} 年建设上限";
    EXPANSION_NOTHING_BINDS: "No budget, cap or limit of building stands in the way.", "预算、碳上限与建设上限均不构成制约。";
    EXPANSION_WEEKS: "Weeks that stand for the year", "典型周";
    EXPANSION_WEEKS_NOTE: "Medoids of all weeks by sun, wind, demand, work, prices and factors, and the week with the least sun and wind beside the most demand. All but that one are scaled to the mean of the year; stores are linked over it.", "按光照、风、需求、作业、电价与排放因子对各周取中心（k-medoids），并包含风光最少而需求最多的一周；除该周外按全年均值缩放，储能全年贯通。";
    EXPANSION_WEEK: "Week from", "起始";
    EXPANSION_WEIGHT: "Weeks of a year", "代表周数";
    EXPANSION_EXTREME: "extreme", "极端周";
    PLAN_COSTS: "Costs and earnings", "成本与收入";
    PLAN_COSTS_NOTE: "Over the whole plan; negative is earned.", "整个计划期；负值为收入。";
    PLAN_UNIT: "Unit", "单元";
    PLAN_TOTAL: "All", "合计";
    PLAN_BINDS: "What binds", "制约因素";
    PLAN_BINDS_NOTE: "Units that stand at their capacity some of the time: where more would be used.", "部分时间达到容量的单元：增加容量会被用上。";
    PLAN_CAPACITY: "Capacity, MW or MWh", "容量（MW 或 MWh）";
    PLAN_MEAN_USE: "Mean use", "平均利用";
    PLAN_AT_CAPACITY: "Of the time at capacity", "满容量时间占比";
    PLAN_WHY: "Why there is no plan", "为何没有可行方案";
    PLAN_WHY_NOTE: "These cannot hold together; without any one of them a plan could be had.", "以下条件无法同时成立；去掉其中任何一项即有可行方案。";
    PLAN_NO_ANSWER: "The solver found none and gave no reason.", "求解器未找到可行方案，也未给出原因。";
    PLAN_RELAX: "The cheapest way out", "代价最小的调整";
    PLAN_RELAX_NOTE: "With these changes a plan can be had.", "作以下调整即有可行方案。";
    TRUST_CAVEATS: "Not measured", "非实测";
    NO_CAVEATS: "The base states nothing that is assumed or synthetic.", "该基地未声明任何假定或合成数据。";
    TILE_FEED: "Feed brine", "进卤";
    TILE_EVAPORATED: "Water evaporated", "蒸发水量";
    TILE_EVAPORATED_MORE: "{mm} mm over the wetted area", "折合水面 {mm} mm";
    TILE_RAIN: "Rain on the ponds", "池面降水";
    TILE_HARVEST: "Salt harvested", "采收盐量";
    TILE_HARVEST_NONE: "no harvest in this period", "本期无采收";
    TILE_END_BRINE: "Brine out of the base", "外排卤水";
    TILE_LEAKED: "Brine leaked", "渗漏卤水";
    TILE_FLOOR: "Salt on the floor at the end", "期末池底盐量";
    TILE_FLOOR_MORE: "{change} in the period", "本期变化 {change}";
    TILE_ELEMENT: "{element} harvested", "采收的 {element}";
    TILE_ELEMENT_MORE: "{share} of the {element} that left the ponds; {fed} fed", "占离开盐田 {element} 的 {share}；进卤 {fed}";
    TILE_LITHIUM: "{element} out with brine", "随卤水外排的 {element}";
    MAP: "Ponds at the end of the period", "期末盐田";
    MAP_NOTE: "Coloured by stage. Arrows: brine moved in the period, {unit}. In the ponds: depth of brine, water activity, elements in g/L, salt on the floor.", "按阶段着色。箭头为本期转移的卤水量，单位 {unit}。池内：卤水深度、水活度、元素浓度（g/L）、池底盐厚。";
    MAP_BOXES: "The base gives no outlines for every pond, so they are drawn as boxes, not to scale.", "基地未给出全部盐田轮廓，故以方框示意，不按比例。";
    COL_POND: "Pond", "盐田";
    COL_STAGE: "Stage", "阶段";
    COL_AREA: "Area, km²", "面积，km²";
    COL_DEPTH: "Depth, m", "水深，m";
    COL_AW: "Water activity", "水活度";
    COL_DENSITY: "Density, kg/m³", "密度，kg/m³";
    COL_TEMPERATURE: "Temp., °C", "温度，°C";
    COL_SALT: "Salt, m", "盐厚，m";
    COL_FROZEN: "Frost, d", "结冰，d";
    COL_DRY: "Dry, d", "干涸，d";
    DEPTH_SHORT: "{x} m brine", "卤水 {x} m";
    DRY_SHORT: "dry", "干涸";
    SALT_SHORT: "salt {x} m", "盐 {x} m";
    TRACK: "Brine track", "卤水路径";
    TRACK_NOTE: "Each dot is a pond, joined in the order of the chain. Filled: end of the period; open: its middle ({mid}). Shares in equivalents; water, and ions that are not named, are left out, so a dot says nothing about how concentrated the brine is. Where all ponds lie in one corner, that corner is enlarged.", "每点为一个盐田，按流程顺序相连。实心：期末；空心：期中（{mid}）。以当量份额表示；不含水和未列出的离子，故点的位置不表示浓度。若各池都落在一角，则放大该角。";
    TRACK_JANECKE: "Mg – K₂ – SO₄ (Jänecke, at halite saturation)", "Mg – K₂ – SO₄（Jänecke 相图，石盐饱和）";
    TRACK_JANECKE_NOTE: "Nearly no sulfate: every pond lies on the Mg–K₂ edge.", "几乎不含硫酸根：各池均落在 Mg–K₂ 边上。";
    TRACK_CHLORIDE: "Na₂ – K₂ – Mg (chlorides)", "Na₂ – K₂ – Mg（氯化物）";
    LEVELS: "Levels through the period", "期内液位";
    LEVELS_NOTE: "Above the bare floor: salt (grey) and the brine on it; the dashed line is the crest. Marks on the axis: days with frost (blue) or without free brine (red).", "自池底裸面算起：盐层（灰）及其上卤水；虚线为溢流口。轴上标记：结冰日（蓝）与无自由卤水日（红）。";
    SALT: "Salt on the floor", "池底盐";
    SALT_BY_POND: "By pond, end of the period", "各池期末";
    SALT_THROUGH: "All ponds through the period", "全部盐田随时间";
    SALT_NOTE: "Dry mass by mineral, without pore brine.", "按矿物计的干质量，不含孔隙卤水。";
    LEDGER: "Ledger of each pond", "各池台账";
    LEDGER_NOTE: "Six streams: feed, exit, leakage, entrainment, salts, evaporation. What came in equals what left and what stayed. Residual = in − out − change of stock, as a share of the larger of opening stock and throughput. Brine includes the brine in the pores of the salt. Fed and exit include what ponds hand on to each other; in the bottom row that cancels.", "六股流：进卤、流出、渗漏、夹带、盐、蒸发。进入等于离开加留存。残差 = 进 − 出 − 库存变化，以期初库存与通量之较大者为基准。卤水含盐层孔隙卤水。进卤与流出含池间转移；合计行中相互抵消。";
    LEDGER_MASS: "All matter, {unit}", "全部物质，{unit}";
    LEDGER_ELEMENT: "{element}, {unit}", "{element}，{unit}";
    COL_FEED: "Feed", "进卤";
    COL_FROM_PONDS: "From ponds", "池间进";
    COL_RAIN: "Rain", "降水";
    COL_EXIT: "Exit", "流出";
    COL_LEAKAGE: "Leakage", "渗漏";
    COL_ENTRAINMENT: "Entrained", "夹带";
    COL_HARVEST: "Salt harvested", "采收盐";
    COL_FLOOR: "Salt on floor, change", "池底盐变化";
    COL_EVAPORATION: "Evaporation", "蒸发";
    COL_BRINE: "Brine, change", "卤水变化";
    COL_RESIDUAL: "Residual", "残差";
    ALL_PONDS: "All ponds", "全部盐田";
    FATE: "Where the elements went", "元素去向";
    FATE_NOTE: "From what was there and what was fed, to what was won, lost and left. Transfers between stages are net.", "由期初存量与进卤，到采收、损失与留存。阶段间转移为净值。";
    FATE_OF: "{element}: {mass} from stock and feed", "{element}：期初与进卤共 {mass}";
    FATE_SHARES: "Shares of opening stock and feed", "占期初存量与进卤之份额";
    FATE_NONE: "The book holds none of K, Li, Mg and Na.", "账本中无 K、Li、Mg、Na。";
    PRODUCTS: "From ponds to products", "从盐田到产品";
    PRODUCTS_NOTE: "Plants run at steady state, a day at a time: they take what ponds, stockpiles and sources can give, and stand where that is too little. Masses of products are as they leave, moisture included. Electricity is that of units whose power is modelled. What goes straight back to where it came from is taken off in the diagrams.", "工厂按日稳态运行：按盐田、盐堆与来源的可供量取料，不足时停车。产品质量为出厂状态，含水分。电耗仅含已建模功率的单元。图中已扣除原路返回的物料。";
    PRODUCTS_MADE: "Products", "产品";
    PRODUCTS_OF: "{element} from the ponds to products", "{element}：从盐田到产品";
    PLANTS_RAN: "Plants", "工厂";
    PLANT_LOADS: "Load of the plants", "工厂负荷";
    PLANT_RUNS: "runs (height: load)", "运行（高度为负荷）";
    STANDS_SHUT: "shut", "停工";
    STANDS_NO_FEED: "no feed", "无料";
    STANDS_BELOW: "below least load", "低于最低负荷";
    STANDS_FAILED: "no steady state found", "未求得稳态";
    STANDS_CANNOT_POUR: "cannot pour", "无法排入";
    COL_PLANT: "Plant", "工厂";
    COL_MASS: "Mass", "质量";
    COL_DAYS_RUN: "Days run", "运行天数";
    COL_MEAN_LOAD: "Mean load", "平均负荷";
    COL_LEAD_FEED: "Leading feed", "主导进料";
    COL_ELECTRICITY: "Electricity, MWh", "电，MWh";
    COL_HEAT: "Heat, MWh", "热，MWh";
    COL_COOLING: "Cooling, MWh", "冷却，MWh";
    NODE_PONDS: "Ponds", "盐田";
    NODE_BOUGHT: "Bought or drawn", "外购与取用";
    NODE_LEFT: "Left: {pile}", "余存：{pile}";
    NODE_BACK: "Back to the ponds", "返回盐田";
    NODE_RETURNED: "From plants", "工厂返回";
    COL_FROM_PLANTS: "From plants", "工厂返回";
    NODE_FEED: "Feed", "进卤";
    NODE_OPENING: "Opening stock", "期初存量";
    NODE_HARVESTED: "Harvested", "采收";
    NODE_FLOOR: "In salt on the floor", "留在池底盐中";
    NODE_BRINE: "Left in brine", "留在卤水中";
    NODE_END: "Out with brine", "随卤水外排";
    NODE_LEAKED: "Leaked", "渗漏";
    NODE_ENTRAINED: "Entrained", "夹带";
    ACCOUNTS: "Accounts: recovery, indicators, carbon", "核算：回收率、指标与碳";
    ACCOUNTS_NOTE: "Of what each stage received, what went on, what went elsewhere and what stayed. The way ends where most of the element arrives, or where the base's own tables say.", "各阶段所得之中，送往下一阶段、去往他处与留存各多少。流程终点为该元素到达最多之处，或由基地自己的表格指定。";
    ACCOUNTS_REFUSED: "The tables handed in could not be used, so this section is from the book alone: {error}", "所提供的表格无法使用，本节仅据账本：{error}";
    WAY_OF: "{element}: {overall} of {drawn} drawn arrives at {end}", "{element}：抽取 {drawn}，其中 {overall} 到达{end}";
    STAGE_ONWARD: "On to the next stage", "送往下一阶段";
    STAGE_ELSEWHERE: "Elsewhere", "去往他处";
    STAGE_STAYED: "Stayed (stock grew)", "留存（库存增加）";
    COL_ELEMENT: "Element", "元素";
    COL_INPUT: "Received", "所得";
    COL_ONWARD: "On", "送出";
    COL_ELSEWHERE: "Elsewhere", "他处";
    COL_STAYED: "Stayed", "留存";
    COL_RECOVERY: "Recovery", "回收率";
    COL_RECOVERY_WORKED: "of what was worked up", "按处理量计";
    INDICATORS: "Indicators", "指标";
    INDICATORS_NOTE: "Definitions and sources are in account/indicators.csv, which saltern account writes. {count} more have no value: nothing says which stream they are about.", "定义与来源见 saltern account 写出的 account/indicators.csv。另有 {count} 项无值：未指明其所涉物流。";
    COL_INDICATOR: "Indicator", "指标";
    COL_VALUE: "Value", "数值";
    COL_UNIT: "Unit", "单位";
    COL_EDITION: "Edition", "版本";
    COL_SOURCE: "Source", "来源";
    CARBON: "Carbon: {meaning}", "碳：{meaning}";
    COL_SCOPES: "Scopes", "范围";
    COL_CO2E: "t CO₂e", "t CO₂e";
    UTILITIES: "Used beside matter", "物料以外的消耗";
    COL_CARRIER: "Carrier", "载体";
    COL_AMOUNT: "Amount", "用量";
    COL_PER_TONNE: "Per tonne of product", "每吨产品";
    USED_BY_PLANT: "Used beside matter, by plant", "各工厂物料以外的消耗";
    COL_PER_TONNE_OF_ITS: "Per tonne of its products", "该厂每吨产品";
    GRADES: "Products against grade classes", "产品与等级";
    COL_STREAM: "Stream", "物流";
    COL_PRODUCT: "Product", "产品";
    COL_CLASS: "Class", "等级";
    COL_VERDICT: "Verdict", "判定";
    AHEAD: "Months of feed ahead of the harvest ponds", "采收池前的供卤月数";
    AHEAD_NOTE: "How long the brine that stands upstream would feed the harvest ponds at their mean demand. A wedge that thins is a shortage months before it reaches the harvest.", "上游现存卤水按采收池平均需求可供应的时间。楔形变薄，预示数月后的短缺。";
    AHEAD_BAND: "P10 to P90 of {members} weathers, all stages; dashed: median", "{members} 个气象序列下各阶段合计的 P10–P90；虚线为中位数";
    AHEAD_UNIT: "months", "月";
    EVAPORATION: "Evaporation and water activity by stage", "各阶段蒸发与水活度";
    EVAPORATION_NOTE: "Monthly means over the ponds of a stage, weighted by area.", "按阶段内盐田面积加权的月平均。";
    EVAPORATION_RATE: "Evaporation, mm/d", "蒸发，mm/d";
    ACTIVITY: "Water activity, –", "水活度，–";
    RATIO: "Brine over fresh water, –", "卤水与淡水蒸发之比，–";
    ENERGY: "Energy of the brine surface by month", "卤水表面月能量平衡";
    ENERGY_NOTE: "Monthly means over all ponds, weighted by area; gains above the line, losses below, their sum is what the brine stored.", "全部盐田按面积加权的月平均；线上为得热，线下为失热，其和为卤水蓄热。";
    SHORTWAVE: "Short wave", "短波";
    LONGWAVE: "Long wave", "长波";
    SENSIBLE: "Sensible", "感热";
    LATENT: "Latent", "潜热";
    GROUND: "Ground", "地热交换";
    ADVECTED: "Advected", "平流";
    STORAGE: "Stored (sum)", "蓄热（合计）";
    NOTICES: "Notices", "提示";
    NO_NOTICES: "None.", "无。";
    NOTICES_MORE: "{count} more kinds are in notices.json.", "另有 {count} 类，见 notices.json。";
    COL_PLACE: "Where", "位置";
    COL_CODE: "Code", "代码";
    COL_COUNT: "Times", "次数";
    COL_TEXT: "What", "内容";
    PROVENANCE: "Provenance", "来源";
    PROVENANCE_NOTE: "The same inputs, version and seed give the same numbers.", "相同输入、版本与种子得到相同数字。";
    PROGRAM: "Program", "程序";
    DATABASE: "Thermodynamic database", "热力学数据库";
    PHASES: "Solids allowed", "允许固相";
    PHASES_WITHOUT: "{phases}, without {suppressed}", "{phases}，不含 {suppressed}";
    SEED: "Weather", "气象";
    SEED_OF: "{name}, seed {seed}", "{name}，种子 {seed}";
    CLOSURE: "Closure by element", "各元素闭合";
    ELAPSED: "Computed in", "计算用时";
    INPUTS: "Inputs (SHA-256)", "输入（SHA-256）";
    FIGURE: "figure", "指标";
    UNIT: "unit", "单位";
    FIGURE_DAYS: "days", "天数";
    FIGURE_CLOSURE: "worst closure", "最大闭合残差";
    FIGURE_EQUILIBRIA: "equilibria", "化学平衡求解次数";
    FIGURE_FAILED: "failed equilibria", "平衡求解失败次数";
    FIGURE_ELAPSED: "elapsed", "计算用时";
    FIGURE_FEED: "feed", "进卤";
    FIGURE_EVAPORATION: "evaporation", "蒸发";
    FIGURE_RAIN: "rain", "降水";
    FIGURE_LEAKAGE: "leakage", "渗漏";
    FIGURE_END_BRINE: "end brine", "外排卤水";
    FIGURE_FLOOR: "salt on the floor at the end", "期末池底盐量";
    FIGURE_HARVEST: "harvest {mineral}", "采收 {mineral}";
    FIGURE_ELEMENT_FED: "{element} fed", "{element} 进卤";
    FIGURE_ELEMENT_HARVESTED: "{element} harvested", "{element} 采收";
    FIGURE_PRODUCT: "product {product}", "产品 {product}";
    FIGURE_AHEAD_END: "feed ahead of the harvest, at the end", "期末采收前供卤";
    FIGURE_AHEAD_LEAST: "feed ahead of the harvest, at its least", "最低采收前供卤";
    FIGURE_ELEMENT_OUT: "{element} out with end brine", "{element} 随外排卤水流出";
    FIGURE_ELEMENT_LEAKED: "{element} leaked", "{element} 渗漏";
    FIGURE_ELEMENT_ENTRAINED: "{element} entrained", "{element} 夹带";
    FIGURE_ELEMENT_BRINE: "{element} in brine at the end", "{element} 期末在卤水中";
    FIGURE_ELEMENT_SALT: "{element} in salt at the end", "{element} 期末在盐中";
    FIGURE_ELEMENT_HARVESTED_SHARE: "{element} harvested, of what left", "{element} 采收占离开量";
    FIGURE_ELEMENT_LEAKED_SHARE: "{element} leaked, of what left", "{element} 渗漏占离开量";
    ABSENT: "This run holds no series for this section.", "本次运行不含此节所需序列。";
}

/// Stages and minerals that the glossary has not; what is not here either is shown as the base or database spells it.
const NAMES: &[(&str, &str)] = &[
    ("preconcentration", "预浓缩"),
    ("pre-concentration", "预浓缩"),
    ("reservoir", "储卤"),
    ("crystallizer", "结晶"),
    ("sulfate", "硫酸盐"),
    ("lithium", "锂"),
    ("sylvinite", "钾石盐"),
    ("li-carnallite", "锂光卤石"),
    ("picromerite", "软钾镁矾"),
    ("ground", "地下"),
    ("sky", "大气"),
    ("carnallite slurry", "光卤石矿浆"),
    ("bischofite heap", "水氯镁石堆场"),
    ("electricity", "电"),
    ("heat", "热"),
    ("steam", "蒸汽"),
    ("cooling", "冷"),
    ("hydrogen", "氢"),
    ("natural gas", "天然气"),
    ("raw coal", "原煤"),
    ("diesel", "柴油"),
    ("compute", "算力"),
];

/// A stage or mineral as a person reads it: Chinese from the glossary, English as it is spelt in the base or database.
pub(crate) fn name(lang: Lang, id: &str) -> String {
    if lang == Lang::En {
        return id.replace('_', " ");
    }
    let own = || {
        NAMES
            .iter()
            .find(|(en, _)| en.eq_ignore_ascii_case(&id.replace('_', " ")))
            .map(|(_, zh)| *zh)
    };
    let entry = glossary::find(id).or_else(|| glossary::find(&id.replace(' ', "_")));
    entry
        .map(|e| e.zh.as_str())
        .or_else(own)
        .unwrap_or(id)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_chinese(c: char) -> bool {
        ('\u{4e00}'..='\u{9fff}').contains(&c)
    }

    fn placeholders(text: &str) -> Vec<String> {
        let mut list: Vec<String> = text
            .split('{')
            .skip(1)
            .filter_map(|t| t.split('}').next())
            .map(str::to_owned)
            .collect();
        list.sort();
        list.dedup();
        list
    }

    #[test]
    fn both_languages_say_the_same() {
        for (key, text) in ALL {
            assert!(
                !text.en.is_empty() && !text.zh.is_empty(),
                "{key} is empty in one language"
            );
            assert!(
                !text.en.chars().any(is_chinese),
                "{key}: Chinese in the English text"
            );
            assert_eq!(placeholders(text.en), placeholders(text.zh), "{key}");
            let same_by_nature = [
                "PLACE",
                "SEED_OF",
                "LEDGER_ELEMENT",
                "COL_CO2E",
                "PLAN_SIDE",
            ];
            assert!(
                text.zh.chars().any(is_chinese)
                    || same_by_nature.contains(key)
                    || text.en.len() < 3,
                "{key}: no Chinese in the Chinese text"
            );
        }
    }

    #[test]
    fn names_fall_back_on_themselves() {
        assert_eq!(name(Lang::Zh, "Carnallite"), "光卤石");
        assert_eq!(name(Lang::Zh, "No_Such"), "No_Such");
        assert_eq!(name(Lang::En, "old brine"), "old brine");
    }
}
