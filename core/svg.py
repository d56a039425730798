"""SVG as texts: presentation attributes only, because `style` dies under the CSP and page CSS does not reach a PDF."""

from html import escape

from django.utils.safestring import SafeString

Number = float | int
FONTS = "'Hiragino Sans','BIZ UDPGothic','Yu Gothic UI','Noto Sans JP','Noto Sans CJK JP',sans-serif"
FIGURE_FONTS = "'Hiragino Sans','BIZ UDGothic','Yu Gothic UI','Noto Sans JP','Noto Sans CJK JP',sans-serif"
PURPOSE_FONTS = "'Hiragino Mincho ProN','BIZ UDPMincho','Yu Mincho','Noto Serif JP','BIZ UDPGothic',serif"


def element(name: str, content: str = "", /, **attributes: str | Number) -> SafeString:
    """`stroke_width` becomes stroke-width; numbers lose their needless zeros. `content` is markup already."""
    shown = "".join(f' {key.replace("_", "-")}="{_value(value)}"' for key, value in attributes.items())
    return SafeString(f"<{name}{shown}>{content}</{name}>" if content else f"<{name}{shown}/>")


def text(words: str, x: Number, y: Number, **attributes: str | Number) -> SafeString:
    return element("text", escape(words), x=x, y=y, **attributes)


def span(words: str, **attributes: str | Number) -> SafeString:
    return element("tspan", escape(words), **attributes)


def rect(x: Number, y: Number, width: Number, height: Number, **attributes: str | Number) -> SafeString:
    return element("rect", x=x, y=y, width=width, height=height, **attributes)


def title(words: str) -> SafeString:
    return element("title", escape(words))


def _value(value: str | Number) -> str:
    if isinstance(value, str):
        return escape(value)
    return str(value) if isinstance(value, int) else f"{value:.1f}".removesuffix(".0")
