"""Chains of the land, the herd, the forest and the sea (data for ``catalogue``)."""

from backend.ops.demo.catalogue import Chain, Idea, Item

VAN = Item("Triporteur de livraison", "دراجة ثلاثية العجلات للتوزيع", 24_000, 34_000)
SOLAR = Item("Pompage solaire et accessoires", "مضخة تعمل بالطاقة الشمسية ولوازمها", 28_000, 55_000)
COLD = Item("Chambre froide", "غرفة تبريد", 55_000, 95_000)
FILLER = Item("Remplisseuse et étiqueteuse", "آلة للتعبئة ووضع الملصقات", 18_000, 42_000)
SCALES = Item("Balance de précision", "ميزان دقيق", 1_800, 4_500, 2)
DRYER = Item("Séchoir solaire", "مجفف شمسي", 14_000, 32_000, 3)
STAINLESS = Item("Table de travail en inox", "طاولة عمل من الفولاذ غير القابل للصدأ", 3_500, 6_500, 4)

LAND: dict[str, Chain] = {
    "argan": Chain(("Argan", "أركان"), 85, (1_400, 2_600), (
        Idea("Unité d'extraction d'huile d'argan", "وحدة لاستخلاص زيت أركان",
             "s'équiper d'une unité d'extraction et de conditionnement d'huile d'argan",
             "اقتناء وحدة لاستخلاص زيت أركان وتعبئته",
             "Presser sur place évite de vendre les amandons à bas prix et garde la valeur dans les douars.",
             "ويمكّن العصر محليا من تفادي بيع اللوز الخام بثمن منخفض ويبقي القيمة المضافة داخل الدواوير."),
        Idea("Conditionnement de l'amlou et des produits de l'argan", "تعبئة أملو ومنتجات أركان",
             "produire et conditionner de l'amlou et de l'huile d'argan alimentaire",
             "إنتاج أملو وزيت أركان الغذائي وتعبئتهما",
             "La demande des magasins et des visiteurs dépasse ce que le travail à la main peut fournir.",
             "ويتجاوز طلب المتاجر والزوار ما يمكن توفيره بالعمل اليدوي."),
    ), (
        Item("Presse à huile en inox", "معصرة زيت من الفولاذ غير القابل للصدأ", 48_000, 85_000),
        Item("Torréfacteur", "آلة تحميص", 22_000, 38_000),
        Item("Filtre à plaques", "مصفاة ذات صفائح", 16_000, 28_000),
        Item("Cuve de stockage en inox", "خزان من الفولاذ غير القابل للصدأ", 7_000, 12_000, 3),
        FILLER, SCALES, STAINLESS)),
    "aromatic-medicinal-plants": Chain(("Plantes", "الأعشاب"), 60, (1_500, 2_800), (
        Idea("Distillation de plantes aromatiques et médicinales", "تقطير النباتات العطرية والطبية",
             "installer une unité de distillation de thym, de lavande et de romarin",
             "إحداث وحدة لتقطير الزعتر والخزامى وإكليل الجبل",
             "Vendre des huiles essentielles plutôt que des plantes brutes augmente le revenu "
             "des cueilleuses.",
             "ويرفع بيع الزيوت الأساسية بدل النباتات الخام من دخل العاملات في جني الأعشاب."),
        Idea("Séchage et distillation de plantes médicinales", "تجفيف النباتات الطبية وتقطيرها",
             "sécher, distiller et conditionner les plantes de la montagne",
             "تجفيف نباتات الجبل وتقطيرها وتعبئتها",
             "Un séchage propre permet de vendre toute l'année aux herboristes et aux hôtels.",
             "ويتيح التجفيف في ظروف سليمة البيع طيلة السنة للعطارين والفنادق."),
    ), (
        Item("Alambic en inox de 500 litres",
             "جهاز تقطير من الفولاذ غير القابل للصدأ سعة 500 لتر", 65_000, 110_000),
        DRYER, Item("Broyeur et tamis", "مطحنة وغربال", 12_000, 24_000), FILLER, SCALES, STAINLESS, VAN)),
    "beekeeping": Chain(("Miel", "العسل"), 30, (1_800, 3_200), (
        Idea("Rucher et miellerie", "منحل ووحدة لاستخلاص العسل",
             "agrandir son rucher et équiper une miellerie aux normes",
             "توسيع المنحل وتجهيز وحدة لاستخلاص العسل وفق المعايير",
             "Le miel de thym et d'euphorbe de la région est recherché, mais il se vend encore en vrac.",
             "ويكثر الطلب على عسل الزعتر والدغموس بالمنطقة، غير أنه ما زال يباع دون تعبئة."),
    ), (
        Item("Ruche peuplée", "خلية نحل مأهولة", 850, 1_300, 80),
        Item("Extracteur de miel", "فراز عسل", 14_000, 26_000),
        Item("Maturateur", "خزان إنضاج العسل", 4_000, 7_500, 3),
        Item("Tenues et petit matériel apicole", "ألبسة ولوازم تربية النحل", 6_000, 12_000),
        FILLER, VAN)),
    "olive": Chain(("Olive", "الزيتون"), 35, (1_700, 3_000), (
        Idea("Trituration et mise en bouteilles d'huile d'olive", "عصر الزيتون وتعبئة الزيت في القنينات",
             "moderniser sa trituration et mettre en bouteilles l'huile d'olive",
             "تحديث عصر الزيتون وتعبئة الزيت في القنينات",
             "Une huile triturée le jour de la récolte obtient un meilleur prix et un label.",
             "ويحصل الزيت المعصور يوم الجني على ثمن أفضل وعلى علامة جودة."),
    ), (
        Item("Broyeur et malaxeur", "طاحونة وخلاط", 75_000, 120_000),
        Item("Décanteur", "جهاز فصل الزيت", 60_000, 110_000),
        Item("Cuve de stockage en inox", "خزان من الفولاذ غير القابل للصدأ", 8_000, 15_000, 4),
        Item("Caisses et filets de récolte", "صناديق وشباك الجني", 5_000, 12_000), FILLER)),
    "almond": Chain(("Amande", "اللوز"), 55, (1_500, 2_600), (
        Idea("Concassage et valorisation de l'amande", "تكسير اللوز وتثمينه",
             "concasser, trier et conditionner les amandes de la vallée",
             "تكسير لوز المنطقة وفرزه وتعبئته",
             "Les amandes quittent aujourd'hui la montagne en coque, par des intermédiaires.",
             "ويغادر اللوز الجبل حاليا بقشرته عبر الوسطاء."),
    ), (
        Item("Concasseuse d'amandes", "آلة تكسير اللوز", 45_000, 75_000),
        Item("Calibreuse", "آلة فرز حسب الحجم", 28_000, 48_000), FILLER, SCALES, STAINLESS, VAN)),
    "saffron": Chain(("Safran", "الزعفران"), 60, (1_600, 3_000), (
        Idea("Séchage et conditionnement du safran", "تجفيف الزعفران وتعبئته",
             "sécher et conditionner le safran de la vallée en petits emballages",
             "تجفيف زعفران المنطقة وتعبئته في علب صغيرة",
             "Un séchage maîtrisé protège la qualité du safran et son prix.",
             "ويحافظ التجفيف الجيد على جودة الزعفران وثمنه."),
    ), (
        Item("Séchoir électrique réglable", "مجفف كهربائي قابل للضبط", 12_000, 25_000, 2),
        SCALES, FILLER, STAINLESS,
        Item("Armoire de conservation", "خزانة للحفظ", 6_000, 11_000, 2), SOLAR)),
    "banana": Chain(("Banane", "الموز"), 25, (2_200, 3_600), (
        Idea("Mûrissage et emballage de la banane locale", "إنضاج الموز المحلي وتلفيفه",
             "construire une station de mûrissage et d'emballage de bananes",
             "بناء محطة لإنضاج الموز وتلفيفه",
             "Les serres de la côte pourront vendre directement aux marchés, sans passer par "
             "une station lointaine.",
             "وستتمكن ضيعات الساحل من البيع مباشرة للأسواق دون المرور عبر محطة بعيدة."),
    ), (
        COLD, Item("Régulation de mûrissage", "جهاز ضبط الإنضاج", 30_000, 55_000),
        Item("Chaîne de lavage et d'emballage", "خط للغسل والتلفيف", 45_000, 80_000),
        Item("Caisses en plastique", "صناديق بلاستيكية", 35, 60, 400), SCALES, VAN)),
    "goats": Chain(("Élevage", "تربية الماعز"), 35, (1_500, 2_700), (
        Idea("Élevage de chèvres locales", "تربية الماعز المحلي",
             "améliorer son troupeau de chèvres locales et construire une chèvrerie",
             "تحسين قطيع الماعز المحلي وبناء حظيرة",
             "Un abri, de l'eau et des boucs sélectionnés réduisent les pertes pendant les années sèches.",
             "ويقلص توفر الحظيرة والماء والفحول المنتقاة من الخسائر خلال سنوات الجفاف."),
    ), (
        Item("Chèvre locale", "رأس ماعز محلي", 1_400, 2_200, 40),
        Item("Bouc sélectionné", "فحل منتقى", 2_800, 4_200, 4),
        Item("Mangeoires et abreuvoirs", "معالف ومشارب", 6_000, 14_000),
        Item("Hangar métallique", "حظيرة ذات هيكل معدني", 45_000, 85_000), SOLAR)),
    "goat-cheese": Chain(("Fromage", "جبن الماعز"), 60, (1_700, 3_000), (
        Idea("Fromagerie de lait de chèvre", "وحدة لإنتاج جبن الماعز",
             "équiper une petite fromagerie de lait de chèvre",
             "تجهيز وحدة صغيرة لإنتاج جبن الماعز",
             "Le lait trouve ainsi un débouché régulier auprès des hôtels et des épiceries "
             "d'Agadir et du Souss.",
             "وبذلك يجد الحليب منفذا منتظما لدى فنادق ومتاجر أكادير وسوس."),
    ), (
        Item("Pasteurisateur de 200 litres", "جهاز بسترة سعة 200 لتر", 55_000, 90_000),
        Item("Cuve de caillage", "حوض تخثير", 18_000, 32_000),
        Item("Presse et moules à fromage", "مكبس وقوالب الجبن", 9_000, 18_000),
        Item("Vitrine réfrigérée", "واجهة مبردة", 14_000, 24_000), COLD, STAINLESS)),
    "milk": Chain(("Lait", "الحليب"), 35, (1_800, 3_000), (
        Idea("Centre de collecte et de transformation du lait", "مركز لجمع الحليب وتحويله",
             "équiper un centre de collecte et produire du lait fermenté et du beurre",
             "تجهيز مركز لجمع الحليب وإنتاج اللبن والزبدة",
             "La collecte près des étables évite des pertes et stabilise le revenu des éleveurs.",
             "ويجنب الجمع قرب الإسطبلات الضياع ويضمن استقرار دخل المربين."),
    ), (
        Item("Bac à lait réfrigéré de 1 000 litres", "حوض تبريد الحليب سعة 1000 لتر", 60_000, 95_000),
        Item("Pasteurisateur", "جهاز بسترة", 50_000, 85_000),
        Item("Écrémeuse et baratte", "فرازة وممخضة", 14_000, 26_000), FILLER, VAN)),
    "poultry-eggs": Chain(("Volaille", "الدجاج البلدي"), 55, (1_400, 2_500), (
        Idea("Élevage de poulet local et production d'œufs", "تربية الدجاج البلدي وإنتاج البيض",
             "élever du poulet local et vendre des œufs de ferme",
             "تربية الدجاج البلدي وبيع البيض",
             "La demande d'œufs et de poulet local est forte en ville et l'élevage se mène près des maisons.",
             "والطلب على البيض والدجاج البلدي كبير في المدينة، ويمكن ممارسة التربية قرب المنازل."),
    ), (
        Item("Poulailler équipé", "خم مجهز", 38_000, 70_000, 2),
        Item("Couveuse", "آلة تفريخ", 12_000, 26_000, 2),
        Item("Lot de 100 poussins de souche locale", "دفعة من 100 كتكوت من سلالة محلية", 1_200, 2_000, 8),
        Item("Mangeoires et abreuvoirs", "معالف ومشارب", 5_000, 12_000), VAN, SOLAR)),
    "cactus": Chain(("Cactus", "الصبار"), 65, (1_400, 2_600), (
        Idea("Valorisation du figuier de barbarie", "تثمين التين الشوكي",
             "extraire l'huile de pépins de figue de barbarie et produire confiture et vinaigre",
             "استخلاص زيت بذور التين الشوكي وإنتاج المربى والخل",
             "Les fruits, souvent perdus après la saison, deviennent des produits qui se gardent.",
             "وتتحول الثمار التي غالبا ما تضيع بعد الموسم إلى منتجات قابلة للحفظ."),
    ), (
        Item("Épépineuse", "آلة فصل البذور", 24_000, 42_000),
        Item("Presse à froid", "معصرة على البارد", 42_000, 78_000),
        DRYER, FILLER, STAINLESS, SCALES)),
    "organic-farming": Chain(("Bio", "المنتجات البيولوجية"), 50, (1_600, 2_900), (
        Idea("Maraîchage biologique", "زراعة الخضر البيولوجية",
             "convertir ses parcelles au maraîchage biologique et livrer des paniers",
             "تحويل القطع الأرضية إلى زراعة الخضر البيولوجية وتوزيع السلال",
             "Les familles et les restaurants de la région achètent déjà ces légumes, venus de plus loin.",
             "وتقتني الأسر والمطاعم بالمنطقة هذه الخضر حاليا من أماكن أبعد."),
    ), (
        Item("Serre légère", "بيت مغطى خفيف", 32_000, 60_000, 2), SOLAR,
        Item("Irrigation au goutte-à-goutte", "نظام للسقي بالتنقيط", 14_000, 30_000),
        Item("Unité de compostage", "وحدة لإنتاج السماد العضوي", 9_000, 20_000), VAN, COLD)),
    "small-scale-fishing": Chain(("Pêche", "الصيد"), 15, (2_200, 3_800), (
        Idea("Équipement de la pêche artisanale", "تجهيز الصيد التقليدي",
             "moderniser ses barques et garder le poisson au froid",
             "تحديث قوارب الصيد وحفظ السمك مبردا",
             "La glace et des caisses propres dès le débarquement améliorent le prix à la criée.",
             "ويحسن توفر الثلج والصناديق النظيفة عند التفريغ من الثمن في سوق السمك."),
    ), (
        Item("Moteur hors-bord", "محرك خارجي للقوارب", 28_000, 42_000, 4),
        Item("Caisse isotherme", "صندوق عازل للحرارة", 1_200, 2_400, 30),
        Item("Gilets et matériel de sécurité", "سترات النجاة ومعدات السلامة", 6_000, 15_000),
        Item("Machine à glace", "آلة لصنع الثلج", 35_000, 65_000), COLD)),
    "citrus": Chain(("Agrumes", "الحوامض"), 35, (1_900, 3_200), (
        Idea("Jus et confitures d'agrumes", "عصائر ومربى الحوامض",
             "transformer en jus et en confitures les oranges et les citrons de petit calibre",
             "تحويل البرتقال والليمون صغير الحجم إلى عصائر ومربى",
             "Les fruits écartés par les stations sont aujourd'hui vendus à perte.",
             "وتباع الثمار التي تستبعدها محطات التلفيف حاليا بالخسارة."),
    ), (
        Item("Extracteur de jus", "آلة لعصر الفواكه", 28_000, 52_000),
        Item("Marmite de cuisson", "قدر للطهي", 12_000, 24_000, 2),
        Item("Pasteurisateur", "جهاز بسترة", 45_000, 80_000), FILLER, COLD, STAINLESS)),
    "carob": Chain(("Caroube", "الخروب"), 45, (1_500, 2_600), (
        Idea("Mouture et conditionnement de la caroube", "طحن الخروب وتعبئته",
             "concasser la caroube et conditionner sa poudre et son sirop",
             "تكسير الخروب وتعبئة مسحوقه وشرابه",
             "La poudre se vend plusieurs fois le prix de la gousse brute.",
             "ويباع المسحوق بأضعاف ثمن القرون الخام."),
    ), (
        Item("Concasseur et moulin", "كسارة ومطحنة", 42_000, 75_000),
        Item("Tamis vibrant", "غربال هزاز", 12_000, 24_000),
        DRYER, FILLER, SCALES, STAINLESS)),
    "pulses": Chain(("Légumineuses", "القطاني"), 40, (1_500, 2_600), (
        Idea("Tri et conditionnement de légumineuses", "فرز القطاني وتعبئتها",
             "trier, calibrer et emballer fèves, lentilles et pois chiches",
             "فرز الفول والعدس والحمص وتصنيفها وتعبئتها",
             "Un produit propre et emballé entre dans les magasins au lieu de partir en sacs "
             "chez le grossiste.",
             "ويدخل المنتوج النظيف والمعبأ إلى المتاجر بدل أن يباع في أكياس لتجار الجملة."),
    ), (
        Item("Trieuse de graines", "آلة لفرز الحبوب", 48_000, 85_000),
        Item("Ensacheuse", "آلة لتعبئة الأكياس", 24_000, 45_000),
        SCALES, STAINLESS, VAN)),
    "cork": Chain(("Liège", "الفلين"), 25, (1_800, 3_000), (
        Idea("Atelier d'objets en liège", "ورشة لصنع منتجات من الفلين",
             "transformer le liège en objets de maison et en plaques",
             "تحويل الفلين إلى أدوات منزلية وصفائح",
             "La forêt fournit le liège, mais la commune n'en retient presque aucune valeur.",
             "وتوفر الغابة الفلين غير أن الجماعة لا تستفيد تقريبا من قيمته."),
    ), (
        Item("Scie à ruban", "منشار شريطي", 18_000, 34_000),
        Item("Presse à plaques", "مكبس الصفائح", 45_000, 80_000),
        Item("Ponceuse", "آلة صقل", 8_000, 16_000, 2), VAN)),
}  # fmt: skip
