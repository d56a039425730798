"""しおかぜ食堂（架空）: the one grant of the second foundation, so that two foundations can be seen apart."""

from reports.demo.shapes import (
    Flow,
    GrantSpec,
    IndicatorSpec,
    LineSpec,
    Making,
    OutcomeSpec,
    OutputSpec,
    Share,
    Stock,
    Story,
)

OUTCOMES = (
    OutcomeSpec(
        "o1",
        "夕方を一人で過ごしていた子どもに、いっしょに食べる人がいる。",
        "いっしょに食べる人がいる",
        (1,),
        (
            IndicatorSpec(
                "together",
                "「また来たい」と答えた子どもの割合",
                "ratio",
                Share(64, {"2023-07": 70, "2023-12": 92}),
                "人",
                0,
                80,
            ),
        ),
    ),
    OutcomeSpec(
        "o2",
        "港町の人が、食卓のある日を楽しみに支えている。",
        "港町の人が支える",
        (1,),
        (
            IndicatorSpec(
                "port",
                "港の人の関わりのようす",
                "state",
                Story(
                    (
                        ("2023-07", "other", "漁協と商店会にあいさつをした。"),
                        ("2023-09", "ontrack", "魚をわけてくれる船が2そうになった。"),
                        ("2023-11", "ahead", "商店会の人が、片づけの当番に入った。"),
                    )
                ),
                state="食材と手伝いの当番が、港の人の申し出で回っている状態",
            ),
        ),
    ),
)

OUTPUTS = (
    OutputSpec(
        "1-1",
        "週1回、夕方の食卓がひらかれる。",
        "夕方の食卓",
        (("o1", "毎週ひらくと決まっていることが、来てよいという合図になるから。"),),
        (
            IndicatorSpec("tables", "食卓をひらいた日", "sum", Flow(23), "日", 0, 48),
            IndicatorSpec("children", "来た子ども（実人数）", "new_unique", Flow(19), "人", 0, 30),
        ),
    ),
    OutputSpec(
        "2-1",
        "食材と手を貸す人が集まる。",
        "食材と手を貸す人",
        (("o2", "手を貸した人が、次の人を連れてくるから。"),),
        (
            IndicatorSpec(
                "hands", "手伝いの登録", "latest", Stock({"2023-07": 3, "2023-12": 9}), "人", 3, 12
            ),
            IndicatorSpec("hygiene", "衛生の手引き", "presence", Making("2023-08", "2023-10"), state="あり"),
        ),
    ),
)

GRANT = GrantSpec(
    "shiokaze",
    "meal",
    "しおかぜ食堂（架空）",
    "しおかぜしょくどう",
    "任意団体",
    "港町（架空）",
    "架空の団体です。",
    "夕方の食卓をひらく（架空）",
    "",
    "週1回の食卓\n食材と担い手の募集",
    "kido",
    "2023-07-01",
    "2024-06-30",
    "2023-06-23",
    ("港町のどの子にも、いっしょに食べる人がいる。",),
    OUTCOMES,
    OUTPUTS,
    (("夕方の食卓", ("1-1",)), ("港まわりの声かけ", ("2-1",))),
    (
        LineSpec("direct", "食材・会場費", ((900_000, 100_000),)),
        LineSpec("administrative", "通信費", ((100_000, 0),)),
    ),
    {"direct": 0.52, "administrative": 0.47},
)
