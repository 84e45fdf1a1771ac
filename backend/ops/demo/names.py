"""Names of people and organisations as heard in Souss, in French and Arabic spelling.

Data only. Given names mix Arab and Amazigh ones; family names are common ones, so a full name may be
borne by someone: nobody is meant.
"""

from typing import NamedTuple


class Name(NamedTuple):
    """One name in its two spellings."""

    fr: str
    ar: str


def _pairs(text: str) -> tuple[Name, ...]:
    """``"fr=ar, fr=ar"`` to names."""
    return tuple(Name(*(part.strip() for part in pair.split("="))) for pair in text.split(","))


WOMEN = _pairs(
    "Fatima=فاطمة, Khadija=خديجة, Aïcha=عائشة, Zahra=زهرة, Malika=مليكة, Naïma=نعيمة, Rachida=رشيدة, "
    "Latifa=لطيفة, Saadia=سعدية, Hafida=حفيظة, Zineb=زينب, Meryem=مريم, Souad=سعاد, Samira=سميرة, "
    "Nezha=نزهة, Rkia=رقية, Mina=مينة, Tlaytmass=تلايتماس, Tiziri=تيزيري, Tilelli=تيليلي, Illi=إيلي, "
    "Itto=إيطو, Toudert=تودرت, Ijja=إيجا, Kelthoum=كلثوم, Yamna=يامنة, Halima=حليمة, Jamila=جميلة, "
    "Karima=كريمة, Hanane=حنان, Ilham=إلهام, Loubna=لبنى, Sanae=سناء, Siham=سهام, Ghizlane=غزلان, "
    "Asmae=أسماء, Bouchra=بشرى, Houda=هدى, Nadia=نادية, Fadma=فاضمة, Mbarka=مباركة, Zoubida=زبيدة, "
    "Sfia=صفية, Ouafae=وفاء, Imane=إيمان, Salma=سلمى"
)
MEN = _pairs(
    "Mohamed=محمد, Ahmed=أحمد, Lahcen=لحسن, Brahim=إبراهيم, Hassan=حسن, Houssine=الحسين, "
    "Abdellah=عبد الله, Omar=عمر, Ali=علي, Mbarek=مبارك, Said=سعيد, Rachid=رشيد, Youssef=يوسف, "
    "Khalid=خالد, Jamal=جمال, Driss=إدريس, Larbi=العربي, Bihi=بيهي, Hammou=حمو, Moha=موحا, Idir=إيدير, "
    "Aksil=أكسيل, Anir=أنير, Massine=ماسين, Amnay=أمناي, Yidir=ييدير, Belaïd=بلعيد, Boujemaa=بوجمعة, "
    "Abderrahim=عبد الرحيم, Abdelkrim=عبد الكريم, Mustapha=مصطفى, Hamid=حميد, Aziz=عزيز, Karim=كريم, "
    "Nabil=نبيل, Tarik=طارق, Ismaïl=إسماعيل, Ayoub=أيوب, Hicham=هشام, Jaouad=جواد, Lhoucine=لحسين, "
    "Faïssal=فيصل, Othmane=عثمان, Moulay Ali=مولاي علي, Sidi Mohamed=سيدي محمد, Younes=يونس"
)
FAMILIES = _pairs(
    "Aït Brahim=آيت إبراهيم, Aït Lahcen=آيت لحسن, Aït Oumghar=آيت أومغار, Aït Addi=آيت عدي, "
    "Aït Hammou=آيت حمو, Aït Taleb=آيت الطالب, Aït Ali=آيت علي, Aït Bihi=آيت بيهي, "
    "Id Belkacem=إد بلقاسم, Id Hammou=إد حمو, Id Omar=إد عمر, Idbella=إدبلا, Oubella=أوبلا, "
    "Ouhammou=أوحمو, Oulahcen=أولحسن, Oubrahim=أوبراهيم, Ouchen=أوشن, Oussaid=أوسعيد, Outaleb=أوطالب, "
    "Boulahcen=بولحسن, Bouhlal=بوهلال, Boumehdi=بومهدي, Bouaddi=بوعدي, Bounasser=بوناصر, "
    "Boutgayout=بوتكايوت, Amzil=أمزيل, Amrani=عمراني, Amghar=أمغار, Achengli=أشنكلي, Aznag=أزناك, "
    "Arejdal=أرجدال, Agourram=أكرام, Agnaou=أكناو, Asserrar=أسرار, Azougagh=أزوكاغ, Taoufik=توفيق, "
    "Tagmount=تكمونت, Tamlalt=تاملالت, El Idrissi=الإدريسي, El Mokhtari=المختاري, El Hachimi=الهاشمي, "
    "El Ouardi=الوردي, El Fassi=الفاسي, El Moudden=المودن, El Kadiri=القادري, El Ghazali=الغزالي, "
    "Benali=بنعلي, Benmansour=بنمنصور, Bensaid=بنسعيد, Belhaj=بلحاج, Belkadi=بلقاضي, Hamdaoui=حمداوي, "
    "Haddadi=حدادي, Jamali=جمالي, Kabbaj=قباج, Lamrani=لمراني, Laaroussi=العروسي, Mansouri=منصوري, "
    "Mouhib=موهيب, Nasiri=ناصري, Ouazzani=وزاني, Rami=رامي, Sabri=صبري, Sefrioui=صفريوي, "
    "Slimani=سليماني, Tahiri=طاهري, Yacoubi=يعقوبي, Zahidi=زاهدي, Zerouali=زروالي, Chafik=شفيق, "
    "Dahmani=دحماني, Fadil=فاضل, Hilali=هلالي, Khattabi=خطابي, Marzouki=مرزوقي, Azmani=أزماني, "
    "Tazi=تازي, Lakhal=لكحل, Izem=إيزم"
)

# Words that cooperatives of the region call themselves by: light, hope, solidarity, mountain, flowers.
ORGANISATIONS = _pairs(
    "Tifaout=تيفاوت, Tamount=تامونت, Tiwizi=تيويزي, Tafoukt=تافوكت, Ayyour=أيور, Itran=إيتران, "
    "Asirem=أسيرم, Afoulki=أفولكي, Toudert=تودرت, Tagmat=تاكمات, Tigmi=تيكمي, Ajdig=أجديك, "
    "Tilila=تيليلا, Tirrugza=تيروكزا, Tamaynut=تاماينوت, Amoud=أمود, Igran=إكران, Adrar=أدرار, "
    "Targa=تاركا, Tizi=تيزي, Aguerd=أكرد, Azemmour=أزمور, Targante=تاركانت, Tafsut=تافسوت, Anzar=أنزار, "
    "Tamghart=تمغارت, Taytmatine=تايتماتين, Tawnza=تاونزا, Tazzanine=تازانين, Izouran=إزوران, "
    "Imnayen=إمناين, Amanar=أمنار, Tasafout=تاسافوت, Tagadirt=تاكاديرت, Assaka=أساكا, Tisslit=تيسليت, "
    "Aghbalou=أغبالو, Tanoute=تانوت, Imlil=إمليل, Tazerzit=تازرزيت, Asays=أسايس, Al Amal=الأمل, "
    "Annour=النور, Al Wifaq=الوفاق, Attadamoun=التضامن, Al Baraka=البركة, Al Khayr=الخير, "
    "Annajah=النجاح, Al Fath=الفتح, Essalam=السلام, Al Moustakbal=المستقبل, Annahda=النهضة, "
    "Al Majd=المجد, Al Ittihad=الاتحاد, Attaawoun=التعاون, Al Karama=الكرامة, Al Yasmine=الياسمين, "
    "Azzaytoun=الزيتون, Al Ouroud=الورود, Azhar=أزهار, Rabiaa=الربيع, Al Manbaa=المنبع, Assafa=الصفاء, "
    "Al Wahda=الوحدة, Al Imtiyaz=الامتياز, Al Ofok=الأفق, Al Bouchra=البشرى, Attaqadoum=التقدم, "
    "Al Anamil=الأنامل, Al Mahara=المهارة, Al Ibdaa=الإبداع, Errahma=الرحمة, Al Fadila=الفضيلة, "
    "Al Massira=المسيرة, Souss=سوس, Tamazirt=تامازيرت, Tighanimine=تيغانيمين, Tamedla=تامدلا, "
    "Taddart=تادارت, Tigouga=تيكوكا"
)


class Form(NamedTuple):
    """How a legal form is said: in a name, as the subject of a sentence, and whether it is feminine in
    Arabic.

    ``members_fr``: one, several, several women; ``members_ar``, ``members_f_ar``: see ``grammar.count_ar``.
    """

    name_fr: str
    name_ar: str
    subject_fr: str
    subject_ar: str
    feminine_ar: bool
    members_fr: tuple[str, str, str]
    members_ar: tuple[str, str, str, str]
    members_f_ar: tuple[str, str, str, str]


MEMBERS = (
    ("un seul membre", "membres", "femmes"),
    ("عضوا واحدا", "عضوين", "أعضاء", "عضوا"),
    ("امرأة واحدة", "امرأتين", "نساء", "امرأة"),
)
FORMS: dict[str, Form] = {
    "cooperative": Form("Coopérative {}", "تعاونية {}", "la coopérative", "تعاونية", True, *MEMBERS),
    "cooperative_union": Form(
        "Union des coopératives {}", "اتحاد تعاونيات {}", "l'union de coopératives", "اتحاد تعاونيات", False,
        ("un seul délégué", "délégués", "déléguées"), ("مندوبا واحدا", "مندوبين", "مندوبين", "مندوبا"),
        ("مندوبة واحدة", "مندوبتين", "مندوبات", "مندوبة"),
    ),
    "gie": Form(
        "GIE {}", "المجموعة ذات النفع الاقتصادي {}", "le groupement d'intérêt économique",
        "المجموعة ذات النفع الاقتصادي", True, *MEMBERS,
    ),
    "tpme": Form(
        "Société {} SARL", "شركة {} ش.م.م", "la société", "شركة", True,
        ("un seul associé", "associés", "associées"), ("شريكا واحدا", "شريكين", "شركاء", "شريكا"),
        ("شريكة واحدة", "شريكتين", "شريكات", "شريكة"),
    ),
    "association": Form(
        "Association {} pour le développement", "جمعية {} للتنمية", "l'association", "جمعية", True,
        *MEMBERS,
    ),
    "auto_entrepreneur": Form("{}", "{}", "", "", False, *MEMBERS),
}  # fmt: skip

ROLES: dict[str, tuple[str, ...]] = {
    "cooperative": ("president", "vice_president", "treasurer", "secretary"),
    "cooperative_union": ("president", "vice_president", "treasurer", "secretary"),
    "gie": ("president", "treasurer"),
    "tpme": ("manager",),
    "association": ("president", "vice_president", "treasurer", "secretary"),
    "auto_entrepreneur": ("owner",),
}
"""Offices in the order in which members get them; the others are ``member`` (``partner`` in a company)."""
