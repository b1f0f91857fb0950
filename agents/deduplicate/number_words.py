"""Small numbers as words: two texts alike but for "three" and "four" are two reports, as with 3 and 4.

The words of one to twenty and of the tens, with their common inflections; words that are articles or pronouns as well
("un", "bir") are left out. A word that is not listed costs a guard, never an article.
"""

from typing import Final

_LANGUAGES: Final = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds "
    "thousand thousands dozen dozens",
    "id": "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas belas puluh ratus ribu seratus "
    "seribu puluhan ratusan ribuan belasan seorang",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente "
    "quarante cinquante soixante cent cents mille dizaine dizaines centaine centaines milliers",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince veinte treinta "
    "cuarenta cincuenta sesenta setenta ochenta noventa cien cientos mil miles decena decenas docena "
    "docenas",
    "ru": "один одна одного одной два две двух двое трое три трёх трех четыре четырёх четырех четверо пять пяти "
    "пятеро шесть шести семь семи восемь восьми девять девяти десять десяти одиннадцать двенадцать "
    "пятнадцать двадцать тридцать сорок пятьдесят шестьдесят семьдесят сто двести триста четыреста "
    "пятьсот тысяча тысячи тысяч десятки десятков сотни сотен",
    "uk": "один одна одного однієї два дві двох двоє троє три трьох чотири чотирьох четверо пять п'ять шість "
    "шести сім семи вісім восьми девять дев'ять десять десяти одинадцять дванадцять двадцять тридцять "
    "сорок сто двісті триста тисяча тисячі тисяч десятки десятків сотні сотень",
    "tr": "iki üç dört beş altı yedi sekiz dokuz on yirmi otuz kırk elli altmış yetmiş seksen doksan yüz bin "
    "onlarca yüzlerce binlerce",
    "az": "iki üç dörd beş altı yeddi səkkiz doqquz on iyirmi otuz qırx əlli altmış yetmiş səksən doxsan yüz "
    "min onlarla yüzlərlə minlərlə",
    "hy": "երկու երեք չորս հինգ վեց յոթ ութ ինը տասը տասնյակ քսան երեսուն քառասուն հիսուն հարյուր հազար "
    "հարյուրավոր հազարավոր",
    "ar": "واحد واحدة اثنان اثنين شخصان شخصين ثلاثة ثلاث أربعة أربع خمسة خمس ستة ست سبعة سبع ثمانية ثماني تسعة "
    "تسع عشرة عشر عشرون عشرين ثلاثون ثلاثين أربعون أربعين خمسون خمسين مئة مائة مئات ألف ألفي آلاف عشرات",
    "fa": "دو سه چهار پنج شش هفت هشت نه ده یازده دوازده پانزده بیست سی چهل پنجاه شصت هفتاد هشتاد نود صد هزار "
    "ده‌ها صدها هزاران",
    "he": "אחד אחת שני שתי שניים שתיים שלושה שלוש ארבעה ארבע חמישה חמש שישה שש שבעה שבע שמונה תשעה תשע עשרה עשר "
    "עשרים שלושים ארבעים חמישים מאה מאות אלף אלפי עשרות",
}

NUMBER_WORDS: Final = frozenset(" ".join(_LANGUAGES.values()).split())
"""Casefolded, of all languages together: a word that is a number in one is rarely a common word of another."""
