"""しおかぜ食堂（架空）: a few months of the second foundation's grant. Everything is invented."""

from reports.demo.shapes import Homework, Last, Note, Remark, Review, StorySpec, Support

STORY = StorySpec(
    people=("fujinami",),
    meets=(2, 2, "13:30", 60),
    place="みなと子ども財団（架空）",
    visit_place="しおかぜ食堂（架空）",
    changes={
        "o1": (
            "食卓をひらいた。最初の日は、大人のほうが多かった。",
            "きょうだいで来る子がふえ、席が足りない日があった。",
            "一人で来ていた子が、友だちを連れてきた。",
        ),
        "o2": (
            "漁協と商店会にあいさつをした。",
            "魚をわけてくれる船がふえた。",
            "商店会の人が、片づけの当番に名前を書いてくれた。",
        ),
    },
    early=("準備が中心の月。", "まだ顔を覚えているところ。"),
    quiet=(
        "変わらず、毎週ひらけた。",
        "少ない日も、ゆっくり食べられた。",
        "新しい手伝いの人が慣れてきた。",
        "天気に左右された月。",
    ),
    seasons={
        8: ("盆の間も一度だけひらいた。",),
        10: ("秋の魚で、にぎやかだった。",),
        11: ("冬の支度に、鍋をそろえた。",),
    },
    reviews={
        "o1": (
            Review("unknown", "始まったばかり。"),
            Review("notyet", "来る子はふえた。続けて来るかを見ていく。"),
            Review("seen", "友だちを連れてきたことが、何よりの返事だと話した。"),
        ),
        "o2": (
            Review("unknown", "あいさつの段階。"),
            Review("seen", "魚の申し出は、食卓の見学のあとに来た。"),
            Review("seen", "当番表の名前が、港の人の関わりを表している。"),
        ),
    },
    asides={
        "1-1": (
            Review("notyet", "食卓は続いている。次は子どもの声を聞く。"),
            Review("seen", "おかわりを、隣の子のぶんまで取りに行く姿があった。"),
        ),
        "2-1": (
            Review("notyet", "魚や野菜は集まりはじめた。人の手はこれから。"),
            Review("seen", "手伝いに来た人が、次の週に友人を連れてきた。"),
        ),
    },
    notes={
        "children": (Note("学校の先生の紹介。"), Note("初めての子はなし。", zero=True)),
        "tables": (Note("台風で1回休み。", in_=(9,)),),
        "hands": (Note("漁協の方が加わった。"),),
    },
    homework=(
        Homework("2023-07", "衛生の手引きの例を送る", "kido"),
        Homework("2023-09", "冬の席のならべ方を試す", "fujinami"),
        Homework("2023-11", "春の当番を決める", "fujinami", late=-1),
    ),
    remarks=(Remark("2023-09", "fujinami", "骨をきれいに取れるようになった、と見せに来てくれた。"),),
    supports=(
        Support(
            "2023-08-09",
            "progress",
            "visit",
            "kido",
            60,
            "食卓の日に同席し、進め方を話した。",
            "受付の場所を外に移した。",
            "reached",
        ),
        Support(
            "2023-10-11",
            "publicity",
            "document",
            "kido",
            45,
            "商店会に配る紙を見直した。",
            "当番の申し出があった。",
            "mostly",
        ),
    ),
    costs=(),
    cost_words=(("direct", "fine", ""), ("direct", "fine", "計画のとおり。"), ("administrative", "fine", "")),
    words=(Note("はじめてのシートです。", at="2023-07"),),
    last=Last(
        "closed",
        submitted="2024-01-04 09:40",
        met="2024-01-05",
        closed="2024-01-05 17:05",
        appointment="2024-02-14 13:30",
        appointment_form="visit",
        appointment_place="しおかぜ食堂（架空）",
    ),
)
