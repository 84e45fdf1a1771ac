"""Chains of crafts, tourism, services and small industry (data for ``catalogue``)."""

from backend.ops.demo.catalogue import Chain, Idea, Item

STAND = Item("Stand d'exposition démontable", "رواق عرض قابل للتفكيك", 7_000, 14_000)
COMPUTER = Item("Ordinateur et imprimante", "حاسوب وطابعة", 7_000, 12_000, 2)
SHELVES = Item("Présentoirs et rayonnages", "رفوف وواجهات للعرض", 6_000, 15_000)
COMPRESSOR = Item("Compresseur d'air", "ضاغط هواء", 6_500, 14_000)
HAND_TOOLS = Item("Lot d'outillage à main", "مجموعة أدوات يدوية", 5_000, 14_000)

CRAFTS: dict[str, Chain] = {
    "craft-wood": Chain(("Bois", "الخشب"), 10, (2_300, 3_800), (
        Idea("Atelier de menuiserie et de sculpture sur bois", "ورشة لنجارة الخشب ونقشه",
             "équiper un atelier de menuiserie et de sculpture sur bois",
             "تجهيز ورشة لنجارة الخشب ونقشه",
             "Des machines adaptées réduisent les délais et permettent de former des apprentis.",
             "وتمكّن الآلات الملائمة من تقليص الآجال ومن تكوين متدربين."),
    ), (
        Item("Scie à format", "منشار للألواح", 38_000, 70_000),
        Item("Raboteuse-dégauchisseuse", "آلة سحج وتسوية", 30_000, 58_000),
        Item("Tour à bois", "مخرطة خشب", 12_000, 26_000, 2),
        Item("Aspirateur de copeaux", "شفاط نشارة", 7_000, 15_000),
        COMPRESSOR, HAND_TOOLS, STAND)),
    "craft-leather": Chain(("Cuir", "الجلد"), 35, (2_000, 3_400), (
        Idea("Atelier de maroquinerie", "ورشة للمصنوعات الجلدية",
             "équiper un atelier de maroquinerie et ouvrir un point de vente",
             "تجهيز ورشة للمصنوعات الجلدية وفتح نقطة للبيع",
             "Des coutures régulières et des modèles nouveaux ouvrent le marché des hôtels et des boutiques.",
             "وتفتح الخياطة المتقنة والنماذج الجديدة سوق الفنادق والمتاجر."),
    ), (
        Item("Machine à coudre le cuir", "آلة لخياطة الجلد", 14_000, 26_000, 4),
        Item("Refendeuse", "آلة لترقيق الجلد", 24_000, 42_000),
        Item("Presse à découper", "مكبس للتقطيع", 28_000, 52_000), HAND_TOOLS, SHELVES, STAND)),
    "craft-ironwork": Chain(("Fer forgé", "الحدادة"), 5, (2_400, 3_900), (
        Idea("Atelier de ferronnerie d'art", "ورشة للحدادة الفنية",
             "équiper un atelier de ferronnerie d'art plus sûr et plus productif",
             "تجهيز ورشة للحدادة الفنية أكثر سلامة وإنتاجية",
             "Les commandes de portes, de rampes et de luminaires sont aujourd'hui refusées "
             "faute de machines.",
             "وترفض حاليا طلبات الأبواب والدرابزين والمصابيح لقلة الآلات."),
    ), (
        Item("Poste à souder", "جهاز تلحيم", 7_000, 16_000, 3),
        Item("Cintreuse", "آلة لثني الحديد", 22_000, 45_000),
        Item("Scie à ruban à métaux", "منشار شريطي للمعادن", 18_000, 34_000),
        Item("Forge et enclume", "كور وسندان", 9_000, 18_000),
        COMPRESSOR, HAND_TOOLS)),
    "craft-reed": Chain(("Roseau", "القصب"), 55, (1_400, 2_400), (
        Idea("Vannerie de roseau et de palmier nain", "صناعة القصب والدوم",
             "équiper un atelier de vannerie et renouveler ses modèles",
             "تجهيز ورشة لصناعة القصب والدوم وتجديد نماذجها",
             "La décoration et l'emballage naturel demandent des pièces régulières, livrées à temps.",
             "ويتطلب مجال الديكور والتلفيف الطبيعي قطعا متقنة تسلم في وقتها."),
    ), (
        Item("Fendeuse de roseau", "آلة لشق القصب", 16_000, 30_000),
        Item("Bac de teinture et de trempage", "حوض للصباغة والنقع", 5_000, 11_000, 2),
        Item("Établi et formes", "منضدة عمل وقوالب", 4_000, 9_000, 4), HAND_TOOLS, SHELVES, STAND)),
    "craft-jewellery": Chain(("Bijoux", "الحلي"), 40, (2_200, 3_800), (
        Idea("Atelier de bijoux en argent", "ورشة للحلي الفضية",
             "équiper un atelier de bijoux amazighs en argent",
             "تجهيز ورشة للحلي الأمازيغية الفضية",
             "Le savoir-faire des maîtres artisans se transmettra à des jeunes de la commune.",
             "وستنتقل خبرة الصناع التقليديين إلى شباب الجماعة."),
    ), (
        Item("Laminoir", "آلة لترقيق المعدن", 14_000, 28_000),
        Item("Four de fonte", "فرن للصهر", 16_000, 32_000),
        Item("Polisseuse", "آلة صقل", 6_000, 13_000, 2),
        Item("Établi de bijoutier", "منضدة الصائغ", 4_500, 8_500, 5), HAND_TOOLS, SHELVES)),
    "craft-weaving": Chain(("Tissage", "النسيج"), 90, (1_300, 2_400), (
        Idea("Atelier de tissage de tapis", "ورشة لنسج الزرابي",
             "équiper un atelier de tissage et teindre la laine sur place",
             "تجهيز ورشة للنسيج وصباغة الصوف محليا",
             "Travailler dans un lieu clair et aéré améliore la qualité et protège la santé des tisseuses.",
             "ويحسن العمل في مكان مضاء وجيد التهوية جودة المنتوج ويحمي صحة النساجات."),
    ), (
        Item("Métier à tisser vertical", "منسج عمودي", 4_500, 8_500, 10),
        Item("Métier à pédales", "منسج بالدواسات", 9_000, 16_000, 4),
        Item("Cuve de teinture", "حوض للصباغة", 6_000, 13_000, 2),
        Item("Cardeuse", "آلة لتمشيط الصوف", 18_000, 34_000), SHELVES, STAND, COMPUTER)),
    "craft-pottery": Chain(("Poterie", "الفخار"), 35, (1_700, 3_000), (
        Idea("Atelier de poterie avec four à gaz", "ورشة للفخار بفرن غازي",
             "remplacer son four à bois par un four à gaz et équiper l'atelier",
             "تعويض فرن الحطب بفرن غازي وتجهيز الورشة",
             "Le four à gaz épargne le bois, la fumée et une bonne part de la casse.",
             "ويوفر الفرن الغازي الحطب ويقلل الدخان وجزءا مهما من القطع المكسورة."),
    ), (
        Item("Four à gaz", "فرن غازي", 55_000, 95_000),
        Item("Tour de potier électrique", "دولاب كهربائي للفخار", 8_000, 15_000, 5),
        Item("Malaxeur d'argile", "خلاط الطين", 24_000, 44_000), SHELVES, STAND)),
    "mountain-rural-tourism": Chain(("Montagne", "السياحة الجبلية"), 30, (2_000, 3_600), (
        Idea("Gîte et circuits de montagne", "مأوى ومدارات سياحية جبلية",
             "aménager un gîte et proposer des randonnées guidées",
             "تهيئة مأوى سياحي وتنظيم جولات جبلية مؤطرة",
             "Les visiteurs resteront une nuit de plus et achèteront les produits de la vallée.",
             "وسيمدد الزوار إقامتهم ليلة إضافية ويقتنون منتجات الوادي."),
    ), (
        Item("Literie et mobilier d'une chambre", "أسرة وأثاث غرفة", 9_000, 18_000, 6),
        Item("Équipement de cuisine", "تجهيز المطبخ", 22_000, 42_000),
        Item("Chauffe-eau solaire", "سخان ماء شمسي", 8_000, 14_000, 2),
        Item("Matériel de randonnée", "معدات المشي الجبلي", 8_000, 20_000),
        Item("Signalisation des sentiers", "علامات تشوير المسالك", 5_000, 14_000), COMPUTER)),
    "intangible-heritage": Chain(("Patrimoine", "التراث"), 45, (1_900, 3_400), (
        Idea("Maison du patrimoine et table d'hôtes", "دار للتراث ومائدة للضيافة",
             "ouvrir une maison du patrimoine avec table d'hôtes et ateliers",
             "فتح دار للتراث تضم مائدة للضيافة وورشات",
             "Chants, cuisine et gestes d'artisans y seront transmis et procureront un revenu aux familles.",
             "وستنقل الأغاني وفنون الطبخ ومهارات الصناع إلى الأجيال الشابة وتوفر دخلا للأسر."),
    ), (
        Item("Équipement de cuisine", "تجهيز المطبخ", 24_000, 45_000),
        Item("Mobilier de salle", "أثاث القاعة", 14_000, 30_000),
        Item("Vitrines et panneaux d'exposition", "واجهات ولوحات للعرض", 12_000, 26_000),
        Item("Sonorisation", "معدات الصوت", 8_000, 18_000),
        Item("Tentes traditionnelles", "خيام تقليدية", 9_000, 18_000, 3), COMPUTER)),
    "local-services": Chain(("Services", "الخدمات"), 55, (2_200, 3_600), (
        Idea("Restauration et services de proximité", "خدمات القرب وإعداد الوجبات",
             "équiper une cuisine qui prépare des repas pour les écoles et les chantiers",
             "تجهيز مطبخ لإعداد الوجبات للمدارس والأوراش",
             "Le service manque dans la commune et créera des emplois stables pour des femmes et des jeunes.",
             "وهي خدمة غير متوفرة بالجماعة ستحدث مناصب شغل قارة للنساء والشباب."),
    ), (
        Item("Équipement de cuisine", "تجهيز المطبخ", 38_000, 70_000),
        Item("Mobilier", "أثاث", 14_000, 32_000),
        Item("Réfrigérateur professionnel", "ثلاجة مهنية", 12_000, 22_000, 2),
        Item("Lave-linge professionnel", "غسالة مهنية", 16_000, 30_000),
        COMPUTER, Item("Triporteur de livraison", "دراجة ثلاثية العجلات للتوزيع", 24_000, 34_000))),
    "textile": Chain(("Couture", "الخياطة"), 75, (2_000, 3_200), (
        Idea("Atelier de couture", "ورشة للخياطة",
             "équiper un atelier de couture de tenues de travail et d'uniformes scolaires",
             "تجهيز ورشة لخياطة ألبسة العمل والأزياء المدرسية",
             "Des commandes régulières d'écoles et d'entreprises existent dans la région.",
             "وتوجد بالمنطقة طلبات منتظمة من المدارس والمقاولات."),
    ), (
        Item("Machine à coudre industrielle", "آلة خياطة صناعية", 6_500, 11_000, 10),
        Item("Surjeteuse", "آلة أوفرلوك", 7_500, 13_000, 3),
        Item("Table de coupe", "طاولة للفصالة", 6_000, 12_000),
        Item("Brodeuse", "آلة للتطريز", 38_000, 70_000),
        Item("Presse à repasser", "مكواة صناعية", 9_000, 17_000), COMPUTER)),
    "farm-waste-recycling": Chain(("Recyclage", "التدوير"), 25, (2_200, 3_500), (
        Idea("Valorisation des déchets agricoles", "تثمين النفايات الفلاحية",
             "transformer les déchets de serres en compost et trier les plastiques agricoles",
             "تحويل مخلفات البيوت المغطاة إلى سماد عضوي وفرز البلاستيك الفلاحي",
             "Les exploitations paient déjà l'enlèvement de ces déchets, qui finissent brûlés.",
             "وتؤدي الضيعات حاليا ثمن نقل هذه النفايات التي ينتهي بها الأمر إلى الحرق."),
    ), (
        Item("Broyeur de végétaux", "آلة لطحن المخلفات النباتية", 48_000, 85_000),
        Item("Presse à balles", "مكبس للرزم", 40_000, 75_000),
        Item("Crible rotatif", "غربال دوار", 22_000, 40_000), Item("Remorque", "مقطورة", 18_000, 32_000),
        Item("Équipements de protection", "معدات الوقاية", 5_000, 12_000))),
}  # fmt: skip

GENERIC = Chain(("Développement", "التنمية"), 45, (1_800, 3_000), (
    Idea("Équipement d'une unité de production", "تجهيز وحدة إنتاجية",
         "équiper une unité de production et améliorer la vente de ses produits",
         "تجهيز وحدة إنتاجية وتحسين تسويق منتجاتها",
         "Le matériel actuel ne permet ni de répondre aux commandes ni de garantir la qualité.",
         "ولا تسمح المعدات الحالية بتلبية الطلبات ولا بضمان الجودة."),
), (
    Item("Machine de production", "آلة إنتاج", 45_000, 85_000),
        Item("Matériel de conditionnement", "معدات التعبئة", 18_000, 40_000),
    Item("Triporteur de livraison", "دراجة ثلاثية العجلات للتوزيع", 24_000, 34_000),
        COMPUTER, SHELVES, HAND_TOOLS,
))  # fmt: skip
