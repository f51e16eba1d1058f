"""The names by which a drug is written, generic first, and the classes that letters name drugs by.

Source: common US generic and brand names of drugs in workers' compensation files; the list serves to compare names
with names, never to judge a drug. A drug that is not listed is still compared, as a word.
"""
# ruff: noqa: E501  the tables hold one entry a line

from __future__ import annotations

# One drug a line: the name that stands for it, then its other names.
DRUGS = """
hydrocodone-acetaminophen: norco, vicodin, lortab, lorcet, xodol, hydrocodone/acetaminophen, hydrocodone/apap, hydrocodone-apap, hydrocodone bitartrate/acetaminophen, hydrocodone
oxycodone-acetaminophen: percocet, endocet, roxicet, oxycodone/acetaminophen, oxycodone/apap, oxycodone-apap
oxycodone: oxycontin, roxicodone, oxyir, oxycodone hcl
morphine: ms contin, kadian, avinza, morphine sulfate, msir, msir er
hydromorphone: dilaudid, exalgo
oxymorphone: opana
fentanyl: duragesic, fentanyl patch, actiq, subsys
methadone: dolophine
tapentadol: nucynta
tramadol: ultram, tramadol hcl, conzip
tramadol-acetaminophen: ultracet, tramadol/apap, tramadol/acetaminophen
codeine-acetaminophen: tylenol #3, tylenol no. 3, tylenol 3, tylenol with codeine, acetaminophen with codeine, acetaminophen/codeine, codeine
buprenorphine: butrans, belbuca
buprenorphine-naloxone: suboxone, zubsolv
naloxone: narcan, evzio
naltrexone: vivitrol, revia
butorphanol: stadol
meperidine: demerol
acetaminophen: tylenol, apap, paracetamol
ibuprofen: motrin, advil
ibuprofen-famotidine: duexis
naproxen: naprosyn, anaprox, aleve, naproxen sodium, ec-naprosyn, naprelan
naproxen-esomeprazole: vimovo
diclofenac: voltaren, cataflam, zorvolex, diclofenac sodium, voltaren gel, flector, pennsaid, zipsor
diclofenac-misoprostol: arthrotec
etodolac: lodine
meloxicam: mobic
nabumetone: relafen
celecoxib: celebrex
indomethacin: indocin
ketorolac: toradol, sprix
ketoprofen: orudis
fenoprofen: nalfon
flurbiprofen: ansaid
oxaprozin: daypro
piroxicam: feldene
sulindac: clinoril
salsalate: disalcid
diflunisal: dolobid
mefenamic acid: ponstel
tolmetin: tolectin
aspirin: asa, ecotrin, bayer
cyclobenzaprine: flexeril, fexmid, amrix
carisoprodol: soma
methocarbamol: robaxin
metaxalone: skelaxin, metaxall
tizanidine: zanaflex
baclofen: lioresal, gablofen
orphenadrine: norflex, orphenadrine er
chlorzoxazone: parafon forte, lorzone
dantrolene: dantrium
gabapentin: neurontin, gralise, horizant
pregabalin: lyrica
topiramate: topamax
lamotrigine: lamictal
levetiracetam: keppra
carbamazepine: tegretol
oxcarbazepine: trileptal
valproate: depakote, divalproex
phenytoin: dilantin
duloxetine: cymbalta
venlafaxine: effexor
desvenlafaxine: pristiq
milnacipran: savella
amitriptyline: elavil
nortriptyline: pamelor
doxepin: silenor, sinequan
imipramine: tofranil
trazodone: desyrel
bupropion: wellbutrin
sertraline: zoloft
fluoxetine: prozac
paroxetine: paxil
citalopram: celexa
escitalopram: lexapro
mirtazapine: remeron
vilazodone: viibryd
vortioxetine: trintellix, brintellix
alprazolam: xanax
lorazepam: ativan
clonazepam: klonopin
diazepam: valium
temazepam: restoril
triazolam: halcion
chlordiazepoxide: librium
zolpidem: ambien, intermezzo
eszopiclone: lunesta
zaleplon: sonata
ramelteon: rozerem
suvorexant: belsomra
omeprazole: prilosec
pantoprazole: protonix
esomeprazole: nexium
lansoprazole: prevacid
dexlansoprazole: dexilant
rabeprazole: aciphex
ranitidine: zantac
famotidine: pepcid
cimetidine: tagamet
sucralfate: carafate
misoprostol: cytotec
ondansetron: zofran
promethazine: phenergan
metoclopramide: reglan
prochlorperazine: compazine
docusate: colace, docusate sodium, docuprene
senna: senokot, sennosides
polyethylene glycol: miralax
lactulose: enulose
lubiprostone: amitiza
linaclotide: linzess
methylnaltrexone: relistor
naloxegol: movantik
bisacodyl: dulcolax
lidocaine: lidoderm, lidopro, terocin, xylocaine, lidocaine patch
menthol: biofreeze
capsaicin: zostrix, qutenza
methyl salicylate: bengay, salonpas
medrox: medrox patch
dendracin: dendracin lotion
cyclobenzaprine cream: cyclobenzaprine gel
ketamine: ketalar
prednisone: deltasone
methylprednisolone: medrol, medrol dosepak, medrol dose pack, depo-medrol, solu-medrol
dexamethasone: decadron
triamcinolone: kenalog
betamethasone: celestone
hyaluronic acid: synvisc, orthovisc, supartz, euflexxa, hyalgan, monovisc, durolane, hyaluronate
bupivacaine: marcaine, sensorcaine
ropivacaine: naropin
sildenafil: viagra
tadalafil: cialis
vardenafil: levitra
testosterone: androgel, depo-testosterone, testim
warfarin: coumadin
rivaroxaban: xarelto
apixaban: eliquis
enoxaparin: lovenox
heparin: heparin sodium
clopidogrel: plavix
dabigatran: pradaxa
metformin: glucophage
insulin: lantus, humalog, novolog
glipizide: glucotrol
glyburide: diabeta
sitagliptin: januvia
lisinopril: prinivil, zestril
losartan: cozaar
valsartan: diovan
benazepril: lotensin
amlodipine: norvasc
metoprolol: lopressor, toprol
atenolol: tenormin
carvedilol: coreg
propranolol: inderal
hydrochlorothiazide: hctz, microzide
furosemide: lasix
clonidine: catapres
nifedipine: procardia
atorvastatin: lipitor
simvastatin: zocor
rosuvastatin: crestor
pravastatin: pravachol
levothyroxine: synthroid
albuterol: proventil, ventolin, proair
fluticasone: flonase, flovent
montelukast: singulair
sumatriptan: imitrex
rizatriptan: maxalt
zolmitriptan: zomig
eletriptan: relpax
butalbital: fioricet, fiorinal, esgic
hydroxyzine: vistaril, atarax
buspirone: buspar
quetiapine: seroquel
aripiprazole: abilify
risperidone: risperdal
olanzapine: zyprexa
ziprasidone: geodon
lurasidone: latuda
lithium: lithobid
prazosin: minipress
modafinil: provigil
armodafinil: nuvigil
methylphenidate: ritalin, concerta
amphetamine: adderall
glucosamine: glucosamine sulfate, genicin
chondroitin: chondroitin sulfate
theramine: theramine capsules
sentra: sentra pm, sentra am
gabadone: gabadone capsules
vitamin d: ergocalciferol, cholecalciferol
alendronate: fosamax
calcitonin: miacalcin
cephalexin: keflex
amoxicillin: augmentin
ciprofloxacin: cipro
sulfamethoxazole: bactrim
clindamycin: cleocin
azithromycin: zithromax, z-pak
botulinum toxin: botox, dysport, xeomin, myobloc, onabotulinumtoxina
diphenhydramine: benadryl
melatonin: melatonin tablets
tamsulosin: flomax
finasteride: proscar
allopurinol: zyloprim
colchicine: colcrys
methotrexate: trexall
adalimumab: humira
etanercept: enbrel
cannabis: marijuana, medical marijuana, thc, cbd
"""

# A class word of a sentence is backed by a member of the class in its support ("an NSAID" by "naproxen").
CLASSES: dict[str, str] = {
    "nsaid": "ibuprofen naproxen diclofenac etodolac meloxicam nabumetone celecoxib indomethacin ketorolac ketoprofen "
    "fenoprofen flurbiprofen oxaprozin piroxicam sulindac salsalate diflunisal tolmetin aspirin",
    "opioid": "hydrocodone-acetaminophen oxycodone-acetaminophen oxycodone morphine hydromorphone oxymorphone fentanyl "
    "methadone tapentadol tramadol tramadol-acetaminophen codeine-acetaminophen buprenorphine meperidine",
    "muscle relaxant": "cyclobenzaprine carisoprodol methocarbamol metaxalone tizanidine baclofen orphenadrine "
    "chlorzoxazone dantrolene",
    "proton pump inhibitor": "omeprazole pantoprazole esomeprazole lansoprazole dexlansoprazole rabeprazole",
    "antidepressant": "duloxetine venlafaxine desvenlafaxine milnacipran amitriptyline nortriptyline doxepin imipramine "
    "trazodone bupropion sertraline fluoxetine paroxetine citalopram escitalopram mirtazapine",
    "anticonvulsant": "gabapentin pregabalin topiramate lamotrigine levetiracetam carbamazepine oxcarbazepine valproate",
    "benzodiazepine": "alprazolam lorazepam clonazepam diazepam temazepam triazolam chlordiazepoxide",
    "hypnotic": "zolpidem eszopiclone zaleplon ramelteon suvorexant temazepam",
}
