"""Function words of German and English: words that carry grammar, not the matter of a case.

Words of courtesy ("bitte", "danke") and of the trade ("Problem", "Frage") are kept: BM25 weighs them down by itself
where they are common, and they may be all that a short request says. The words stand in the normal form of
``Analyzer.normal``: lower case, umlauts as two letters.
"""

from __future__ import annotations

_GERMAN = """
    der die das den dem des ein eine einer eines einem einen
    ich du er sie es wir ihr mich dich sich uns euch mir dir ihm ihn ihnen man
    mein meine meiner meines meinem meinen dein deine deiner deines deinem deinen
    sein seine seiner seines seinem seinen unser unsere unserer unseres unserem unseren
    euer eure eurer eures eurem euren ihre ihrer ihres ihrem ihren
    dieser diese dieses diesem diesen jener jene jenes jenem jenen
    welcher welche welches welchem welchen solcher solche solches solchem solchen
    derjenige diejenige dasjenige deren dessen denen derselbe dieselbe dasselbe
    wer wen wem wessen was wann wo wie warum wieso weshalb wohin woher wobei womit wofuer worauf wovon
    und oder aber sondern denn doch sowie sowohl entweder weder noch als wenn weil dass da damit ob obwohl falls
    nachdem bevor waehrend indem sodass sobald solange bis
    in im ins an am ans auf aus bei beim mit nach seit von vom zu zum zur fuer durch gegen um ohne ueber unter vor
    hinter neben zwischen ab trotz wegen per via
    bin bist ist sind seid war warst waren wart gewesen sei
    habe hast hat haben habt hatte hattest hatten hattet gehabt haette haetten
    werde wirst wird werden werdet wurde wurden worden wuerde wuerden geworden
    kann kannst koennen koennt konnte konnten koennte koennten
    muss musst muessen muesst musste mussten soll sollst sollen sollt sollte sollten
    will willst wollen wollt wollte wollten darf darfst duerfen durfte durften
    mag moechte moechten
    hier dort dann so nun jetzt schon auch nur sehr mehr etwa etwas nichts alles alle aller allem allen
    viel viele einige mancher manche jeder jede jedes jedem jeden
    dabei dadurch dafuer dagegen daher dahin danach daran darauf daraus darin darum darueber davon davor dazu
    hin her hinaus hierzu hierfuer ja nein mal eben halt eigentlich
"""

_ENGLISH = """
    a an the this that these those
    i me my mine we us our ours you your yours he him his she her hers it its they them their theirs
    myself yourself himself herself itself ourselves yourselves themselves
    who whom whose which what when where why how
    and or but nor so yet if then else than because as until while though although whether
    of at by for with about against between into through during before after above below to from in on upon onto
    am is are was were be been being do does did doing done have has had having
    can could may might must shall should will would cannot
    im ive id ill youre youve youd youll hes shes theyre theyve weve were thats theres whats lets
    dont doesnt didnt isnt arent wasnt werent havent hasnt hadnt cant couldnt wont wouldnt shouldnt
    don doesn didn isn aren wasn weren haven hasn hadn couldn wouldn shouldn
    there here all any both each few more most other some such only own same too very just also again once
"""

GERMAN = frozenset(_GERMAN.split())
ENGLISH = frozenset(_ENGLISH.split())
