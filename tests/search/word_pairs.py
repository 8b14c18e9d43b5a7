"""Polish words in several forms, by class, and words that only look alike.

Written by hand and not used to make the analyser: each line is a word and others of its forms.
"""

NOUNS = """
prezes: prezesa prezesem prezesów prezesi
skarbniczka: skarbniczki skarbniczce skarbniczek
sekretarz: sekretarzem sekretarze sekretarzowi
walne: walnego walnym
zgromadzenie: zgromadzenia zgromadzeniu zgromadzeń
sprawozdanie: sprawozdaniem sprawozdań sprawozdaniach
rozliczenie: rozliczenia rozliczeniu rozliczeń
darowizna: darowizny darowiznę darowizn
zbiórka: zbiórki zbiórce zbiórek zbiórką
zezwolenie: zezwoleń zezwoleniem
ubezpieczenie: ubezpieczenia ubezpieczeń
świadczenie: świadczeń świadczeniami
opiekunka: opiekunki opiekunek opiekunce
obóz: obozu obozie obozów
półkolonie: półkolonii półkoloniach
wycieczka: wycieczki wycieczce wycieczek
orlik: orliku orlika orliki
pływalnia: pływalni pływalnie
strażak: strażacy strażaków strażakiem
remiza: remizy remizie remiz
gospodyni: gospodynie gospodyń gospodyniom
koło: koła kole kół kołami
parafia: parafii parafię parafiach
hufiec: hufca hufcem hufce
drużyna: drużyny drużynie drużyn
zuch: zuchów zuchy
biblioteka: bibliotece biblioteki bibliotek
dyżur: dyżuru dyżury dyżurze
przetarg: przetargu przetargi
zamówienie: zamówień zamówieniu
rachunek: rachunku rachunków rachunkiem
paragon: paragonu paragony
załącznik: załącznika załącznikiem załączniki
podpis: podpisu podpisem podpisy
pełnomocnictwo: pełnomocnictwa pełnomocnictw pełnomocnictwem
"""
ALTERNATIONS = """
ręka: rąk ręce rękami
miasto: mieście miast miasta
dzień: dni dniem dniach
rok: lat roku latach
tydzień: tygodnia tygodni tygodniu
przyjaciel: przyjaciół przyjaciele przyjaciołom
brat: bracia braci braćmi
ksiądz: księdza księża księży
człowiek: ludzie ludzi ludziom
dziecko: dzieci dziećmi dzieciom
las: lesie lasów lasem
świat: świecie światem
zjazd: zjeździe zjazdu
kościół: kościoła kościele
wieś: wsi wsie wsią
łódź: łodzi łodzie
ząb: zębów zęby
mąż: męża mężem mężowie
księga: ksiąg księdze księgi
święto: świąt święta świętem
obiad: obiedzie obiadów
gwiazda: gwieździe gwiazd
marzec: marca marcem
wrzesień: września wrześniu
poniedziałek: poniedziałku poniedziałki
liść: liścia liście
pies: psa psem psów
koń: koni końmi konie
"""
DIMINUTIVES = """
domek: domku domki domków
ogródek: ogródka ogródku ogródków
kawałek: kawałka kawałku
przedszkole: przedszkola przedszkolu przedszkoli
kotek: kotka kotki kotkiem
karteczka: karteczki karteczek
stolik: stolika stoliki stoliku
chwilka: chwilki chwilkę
"""
VERBS = """
rozliczyć: rozliczyła rozliczymy rozliczono rozliczcie
złożyć: złożyliśmy złożono złóżcie złoży
podpisać: podpiszę podpisał podpisano podpisze
zgłosić: zgłoszę zgłosili zgłoszono zgłaszając!
zorganizować: zorganizujemy zorganizowano zorganizowała
organizować: organizuje organizują organizowaliśmy
szukać: szukamy szukam szukał
potrzebować: potrzebujemy potrzebuje potrzebowali
wynająć: wynajmę wynajęli wynajęto
wypożyczyć: wypożyczymy wypożyczył
napisać: napiszcie napisała napiszę
odpowiedzieć: odpowiedział odpowie odpowiedzcie
prowadzić: prowadzimy prowadzi prowadzą prowadził
wspierać: wspiera wspieramy wspierając
zatrudnić: zatrudnimy zatrudnili zatrudniono
móc: mogę możemy mogli
chcieć: chcemy chciałabym chciał
wziąć: wzięliśmy wezmę wzięto
pójść: poszedł pójdziemy poszły
ogłosić: ogłoszono ogłosi ogłosiło
"""
GERUNDS = """
rozliczyć: rozliczenia rozliczenie
szkolić: szkolenie szkolenia
dofinansować: dofinansowanie dofinansowania
głosować: głosowanie głosowania
wypełniać: wypełnianie wypełnianiu
złożyć: złożenie złożenia
prowadzić: prowadzenie prowadzeniu
sprzątać: sprzątanie sprzątania
"""
ADJECTIVES = """
społeczny: społecznej społecznych społeczną społecznego
własny: własnego własne własnych
powiatowy: powiatowej powiatowego powiatowymi
publiczny: publicznego publiczne publicznych
dobry: lepszy najlepsza najlepszego
duży: większa największych dużego
tani: tańszy najtańsze taniego
sportowy: sportowe sportowych sportowej
pozarządowy: pozarządowych pozarządową pozarządowa
bezpłatny: bezpłatne bezpłatnych bezpłatnie!
konkursowy: konkursowej konkursowa konkursowych
niepełnosprawny: niepełnosprawnych niepełnosprawnej
wiejski: wiejskich wiejskiego wiejskie
samotny: samotni samotnych
"""
NUMERALS = """
dwa: dwóch dwie dwoma
trzy: trzech trzema
pięć: pięciu pięcioma
dwadzieścia: dwudziestu
sto: stu
pierwszy: pierwszego pierwsza pierwszych
drugi: drugiego druga
tysiąc: tysiąca tysięcy tysiące
połowa: połowy połowę połowie
"""
SURNAMES = """
Kowalski: Kowalskiego Kowalskiemu Kowalskim
Nowakowska: Nowakowskiej Nowakowską
Wiśniewski: Wiśniewskiego Wiśniewskich
Wójcik: Wójcika Wójcikiem Wójcikowi
Zając: Zająca Zającem
Mazur: Mazura Mazurowi Mazurem
Dąbrowska: Dąbrowskiej Dąbrowską
Kaczmarek: Kaczmarka Kaczmarkiem
Pawlak: Pawlaka Pawlakowi
Zięba: Zięby Ziębie Ziębą
Smolińska: Smolińskiej Smolińską
Wojciechowska: Wojciechowskiej Wojciechowską
Mitzner: Mitznera Mitznerem
Szpigiel: Szpigla Szpiglowi
Chrzczonowicz: Chrzczonowicza Chrzczonowiczem
Sikora: Sikory Sikorze Sikorą
Sobieraj: Sobieraja Sobierajem
Gołębiewski: Gołębiewskiego Gołębiewskim
"""
PLACES = """
Pruszków: Pruszkowa Pruszkowie Pruszkowem Pruszkowowi
Brwinów: Brwinowa Brwinowie Brwinowem
Nadarzyn: Nadarzyna Nadarzynie Nadarzynem
Piastów: Piastowa Piastowie Piastowem
Michałowice: Michałowic Michałowicach Michałowicom
Raszyn: Raszyna Raszynie Raszynem
Komorów: Komorowa Komorowie Komorowem
Otrębusy: Otrębus Otrębusach
Podkowa: Podkowy Podkowie Podkową
Milanówek: Milanówka Milanówku
Grodzisk: Grodziska Grodzisku
Reguły: Reguł Regułach
Granica: Granicy Granicę
Nowa: Nowej Nową
Kanie: Kań Kaniach
Parzniew: Parzniewa Parzniewie
Strzeniówka: Strzeniówki Strzeniówce
Rusiec: Ruśca Ruścu
Sękocin: Sękocina Sękocinie
Falenty: Falent Falentach
Dawidy: Dawid Dawidach
Mazowsze: Mazowsza Mazowszu
Warszawa: Warszawy Warszawie Warszawą
Owczarnia: Owczarni Owczarnię
Janki: Janek Jankach
"""
FOREIGN = """
KRS: KRS-u KRS-ie KRS-em
NGO: NGO-su NGO-sów NGO-sy NGO-sami
OPP: OPP-ami
PIT: PIT-u PIT-em PIT-y
CIT: CIT-u CIT-em
UKS: UKS-u UKS-y UKS-ów
OSP: OSP-u
PCPR: PCPR-u PCPR-em
grant: grantu grantów grantem grancie
crowdfunding: crowdfundingu crowdfundingiem
fundraiser: fundraisera fundraiserem fundraiserzy
fundraising: fundraisingu fundraisingiem
Facebook: Facebooku Facebook'u Facebooka
YouTube: YouTube'a YouTubie!
e-mail: e-maila e-mailem e-maile
mail: maila mailem maile
newsletter: newslettera newsletterze newsletterem
coach: coacha coachem coachów
webinar: webinaru webinarze webinaria!
Excel: Excela Excelu Excelem
link: linku linkiem linki
hub: hubu hubem huby
coworking: coworkingu coworkingiem
"""
CLASSES = {
    "nouns": NOUNS,
    "alternations": ALTERNATIONS,
    "diminutives": DIMINUTIVES,
    "verbs": VERBS,
    "gerunds": GERUNDS,
    "adjectives": ADJECTIVES,
    "numerals": NUMERALS,
    "surnames": SURNAMES,
    "places": PLACES,
    "foreign words": FOREIGN,
}
# What does not match: words of other stems, as they look alike or mean nearly the same.
DIFFERENT = """
rada radio radar rak rana
gmina gminny gmach grymas
sala salon salwa salami sałata
zarząd zarządca zarzut zajazd
praca prasa pranie prawo prawda
grant granat granit granica gramatyka
umowa rozmowa mowa mewa
starosta starość start starcie
powiat powód powidło powiew
dotacja dotyk dokument donacja
klub klucz klasa kluska
statut status statek statua statysta
członek człon czoło czarny
skarb skarga skarbnik skała
sport spór sporo sprawa
szkoła szkolenie szklanka skala
wniosek wnętrze wiosna wiosło
konkurs konkurent kontrakt koncert
budżet bukiet but buda
faktura fakt fart fraktura
termin teren temat tempo
bank bankiet banan baner
list listwa liść litr
sąd sąsiad sadza siad
kasa kasza kask kaseta
oferta ofiara opera ocena
świetlica świetlik światło świeca
biblioteka bilet bilans bielizna
remont reforma region rejestr
plac płaca plan placek
kurs kurz kura kurtka
senior senat sen senator
rower rowek rola rolnik
park parking para parasol
woda wódka wojna wola
kino kinkiet kilo kiosk
drzewo drzwi drzemka dreszcz
las laska lasso lampa
rodzina rodzaj rodzynek rodak
pomoc pomnik pomiar pompa
"""


def pairs(words: str) -> list[tuple[str, str]]:
    """Each form with the first of its line. A form with `!` behind it is of another word by the
    dictionary: nobody is promised it."""
    found = []
    for line in words.strip().splitlines():
        first, others = line.split(": ")
        found += [(form, first) for form in others.split() if not form.endswith("!")]
    return found


def different() -> list[tuple[str, str]]:
    """Every two words of one line."""
    lines = (line.split() for line in DIFFERENT.strip().splitlines())
    return [(a, b) for words in lines for a in words for b in words if a < b]
