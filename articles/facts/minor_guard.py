"""Words for numbers that keep a change from being called minor; ``numerals`` says what each is worth."""

NUMBER_WORDS = frozenset(
    """
    acht achtzig altı beş bilhão billion billions bin catorce cem cent cento cents cien ciento cientos
    cinco cincuenta cinq cinquanta cinquante cinque cinquenta cuarenta cuatro cztery dertig deux dez
    dieci diez dix doce docena dodici dois dokuz dos double douzaine douze doze dozen dozens dozzina
    drei dreißig drie duas duizend dutzend dwa dziesięć dziewięć dört eight eighteen eighty eleven elf
    elli fem fifteen fifty five forty four fourteen fyra fünf fünfzig half helft honderd huit hundert
    hundra hundred hundreds hälfte iki kırk metade metà mil mila milhão milhões miliardi miliardo milion
    milione milioni miliony milionów miljard miljoen miljon miljoner mille milliard milliarde milliarden
    milliards million millionen millions millones millón milyar milyon mitad moitié negen neuf neun
    neunzig nine nineteen ninety nio novanta nove noventa nueve ochenta ocho oito onze osiem ottanta
    otto otuz pięć quaranta quarante quarenta quatorze quatre quatro quattro quince quinze sechs sechzig
    sei seis seize sekiz sept sesenta sessanta sessenta setenta settanta seven seventeen seventy sex
    sieben siebzig siedem siete six sixteen sixty sju soixante sto sześć tausend ten thirteen thirty
    thousand thousands three tien tio tre trece treinta treize trenta trente tres trinta trois trzy três
    tusen två twaalf twee twelve twenty twice twintig two tysiąc tysięcy undici veertig veinte venti
    vier vierzig vijf vijftig vingt vinte yedi yirmi yüz zehn zes zeven zwanzig zwei zwölf åtta üç
    восемь два двадцать две девять десять миллиард миллион миллиона миллионов пять пятьдесят семь сорок
    сто три тридцать тысяч тысяча тысячи четыре шесть
    """.split()  # noqa: SIM905  (two hundred and more quotation marks hide the words)
)
"""From two to twelve, the tens, hundreds and more, in a dozen languages, folded to lower case.

One is also an article in most of them, and words that are common ones in another of them ("once", "due") are
left out. A word too many only keeps a change from being called minor.
"""
