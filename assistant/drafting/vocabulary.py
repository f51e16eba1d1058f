"""The things that a claim can be about, and the plain words that make no claim.

A thing has one name and many wordings, so that "PT" and "physical therapy" are the same and "acupuncture" is another.
Wordings in capitals are read as written; all others in any case. Source: wordings of public determinations.
"""
# ruff: noqa: E501  the tables hold one entry a line

from __future__ import annotations

import re

# Therapies, procedures and other treatment: the name, then its other wordings.
TREATMENTS = """
physical therapy: physiotherapy, PT, P.T., physical therapies, therapeutic exercise, therapeutic exercises
occupational therapy: OT, hand therapy
aquatic therapy: aqua therapy, pool therapy, aquatherapy, water therapy
acupuncture: electroacupuncture, electro-acupuncture
chiropractic: chiro, chirotherapy, chiropractic care, chiropractic treatment, chiropractic therapy, chiropractic manipulation, manipulation, manual therapy, chiropractor
massage: massage therapy, massages, myofascial release
home exercise: home exercise program, home exercises, home exercise programme, HEP
work conditioning: work hardening
functional restoration: functional restoration program, FRP
psychotherapy: cognitive behavioral therapy, cognitive behavioural therapy, CBT, counseling, psychological treatment, individual therapy
biofeedback: biofeedback therapy
epidural injection: epidural steroid injection, epidural steroid injections, epidural injections, ESI, ESIs, LESI, CESI, TFESI, lumbar epidural, cervical epidural, epidural corticosteroid injection, epidurals
facet injection: facet injections, facet block, facet blocks, facet joint injection, facet joint injections, intra-articular facet injection
medial branch block: medial branch blocks, MBB, MBBs
radiofrequency ablation: RFA of the medial branches, rhizotomy, radiofrequency neurotomy, neurotomy, radiofrequency
trigger point injection: trigger point injections, TPI, TPIs
sacroiliac injection: sacroiliac joint injection, SI joint injection, sacroiliac injections, si joint injections
cortisone injection: corticosteroid injection, steroid injection, cortisone injections, corticosteroid injections, steroid injections, cortisone shot
viscosupplementation: viscosupplementation injection, hyaluronic acid injection, hyaluronic acid injections
nerve block: nerve blocks, sympathetic block, stellate ganglion block, occipital nerve block
injection: injections, shot, shots
shock wave: shockwave, shock wave therapy, ESWT, extracorporeal shock wave therapy, shockwave therapy
tens: TENS, TENS unit, transcutaneous electrical nerve stimulation
interferential unit: interferential, interferential stimulation
h-wave: h-wave unit, h wave
brace: bracing, braces, orthosis, orthotic, orthotics, splint, splints, splinting
spinal cord stimulator: SCS, spinal cord stimulation
fusion: arthrodesis, spinal fusion, lumbar fusion, ACDF
laminectomy: hemilaminectomy, laminotomy
discectomy: microdiscectomy, diskectomy
arthroscopy: arthroscopic surgery
rotator cuff repair: cuff repair
carpal tunnel release: carpal tunnel surgery, CTR
meniscectomy: meniscal repair
total knee replacement: total knee arthroplasty, TKA, TKR, knee replacement
surgery: surgeries, operation, operations, operative, operated, operated on
bed rest: rest
ice: cold therapy, cryotherapy
heat: hot packs
ultrasound: therapeutic ultrasound
traction: mechanical traction
gym membership: gym
home health care: home health, home care
"""

# Studies, tests and scales.
TESTS = """
mri: MRI, MRIs, magnetic resonance imaging
ct: CT, CT scan, CAT scan, computed tomography
x-ray: x-rays, xray, xrays, radiograph, radiographs, plain films
electrodiagnostic study: EMG, NCV, NCS, EMG/NCV, EMG/NCS, EMG/nerve conduction, electromyography, electrodiagnostics, electrodiagnostic studies, electrodiagnostic testing, nerve conduction study, nerve conduction studies, nerve conduction velocity
bone scan: bone scans
ultrasound study: diagnostic ultrasound
urine drug screen: UDS, urine drug test, urine drug testing, urine toxicology, urine drug screens, urine drug screening, drug screen, urine test
cures: CURES, CURES report
opioid agreement: pain agreement, pain contract, opioid contract, narcotic agreement
straight leg raise: SLR, straight leg raising, straight leg raises, straight leg raise test, straight-leg raise
spurling: spurling's, spurlings
tinel: tinel's, tinels
phalen: phalen's, phalens
hawkins: hawkins', hawkins-kennedy
neer: neer's, neers
mcmurray: mcmurray's, mcmurrays
lachman: lachman's
drawer: anterior drawer, posterior drawer
faber: FABER, patrick's, fabere
gaenslen: gaenslen's
finkelstein: finkelstein's
kemp: kemp's
empty can: jobe, jobe's
range of motion: ROM, range-of-motion, ranges of motion
grip strength: grip
strength: motor strength, muscle strength, motor power
reflex: reflexes, deep tendon reflexes, DTR, DTRs
sensation: sensory, sense of touch, feeling
flexion: flexing
extension: extending
dorsiflexion: dorsiflexing
plantar flexion: plantarflexion
abduction: abducting
adduction: adducting
internal rotation: medial rotation
external rotation: lateral rotation
rotation: rotating
lateral bending: side bending, lateral flexion
sleep study: polysomnography
functional capacity evaluation: FCE
beck depression inventory: BDI
oswestry: ODI, oswestry disability index
epworth: epworth sleepiness scale
"""

# Body parts. Where one wording holds another, the longer counts.
PARTS = """
neck: cervical, cervical spine, c-spine, cervical region
upper back: thoracic, thoracic spine, t-spine, mid back, midback
low back: lower back, lumbar, lumbar spine, l-spine, back, lumbar region
lumbosacral: lumbosacral spine
sacroiliac joint: SI joint, sacroiliac, sacroiliac joints, si joints
sacrum: sacral
coccyx: tailbone
spine: spinal
shoulder: shoulders, glenohumeral
rotator cuff: supraspinatus, cuff
biceps: biceps tendon
arm: arms, upper extremity, upper extremities, upper limb, upper limbs, upper arm
elbow: elbows
epicondyle: epicondylar, epicondyles
forearm: forearms
wrist: wrists
hand: hands
thumb: thumbs
finger: fingers, index finger, middle finger, ring finger, little finger, digit, digits
hip: hips
groin: inguinal
thigh: thighs
leg: legs, lower extremity, lower extremities, lower limb, lower limbs
knee: knees
meniscus: menisci, meniscal
patella: kneecap, patellar, patellofemoral
calf: calves
shin: tibia, tibial
ankle: ankles
foot: feet
heel: heels
toe: toes, great toe, big toe
buttock: buttocks, gluteal
head: scalp, skull
face: facial
jaw: TMJ, temporomandibular joint
eye: eyes, ocular
ear: ears
chest: rib, ribs
abdomen: abdominal, stomach
trapezius: trapezii
paraspinal: paravertebral, paraspinals
scapula: scapular, shoulder blade
clavicle: acromioclavicular, AC joint
achilles: achilles tendon
plantar: plantar fascia
"""

# Single words that say the same: lay words and clinical ones, and spellings.
SYNONYMS = """
radiate: spread, radiating, radiates, radiated, radiation, spreads, spreading
dorsum: top, dorsal
medication: medicine, medicines, medications, drug, drugs, med, meds
tablet: tablets, pill, pills, capsule, capsules
visit: visits, session, sessions, treatment, treatments, appointment, appointments
request: requested, requests, requesting, asked, asks, ask, sought
provider: physician, physicians, doctor, doctors, clinician, practitioner, surgeon, dr
injury: injured, injuries, injure, hurt
weak: weakness, weakened
reduce: reduced, reduction, reduces, decreased, decrease, decreases, diminished, less, lower, lowered, lighter
increase: increased, increases, greater, higher
improve: improved, improvement, improvements, improves, improving, better, gain, gains
worsen: worse, worsened, worsening, worsens
unchanged: same, unaltered
relief: relieve, relieved, relieves, relieving, eased, eases
numb: numbness
tingle: tingling, paresthesia, paresthesias, paraesthesia
swelling: swollen, edema
ache: aches, aching, achy
function: functional, functioning, functionally, functions
exam: examination, examined, examinations, exams
protrude: protrusion, protrusions, protruding
herniate: herniation, herniated, herniations
tear: tears, torn, tearing
disc: disk, discs, disks
strain: strains, strained
sprain: sprains, sprained
fracture: fractures, fractured, broken
degenerate: degeneration, degenerative
depress: depression, depressed, depressive
anxious: anxiety
sleep: sleeping, insomnia, asleep
restrict: restriction, restrictions, restricted, limits, limitation, limitations
activity: activities
day: daily, days
deny: denied, denies, denial, denying
certify: certified, certification, authorized, authorize, authorization, approved, approval
modify: modified, modification, modifies
end: ended, ends, stopped, stop, stops, discontinued
start: started, starts, began, begin, begins, begun, initiated
continue: continued, continues, continuing, ongoing, persistent, persists, persist, remains, remain
extend: extension, further, additional, more, extended
occasion: occasional, occasionally, intermittent, intermittently, sometimes
surgical: surgically
postoperative: postop, postoperatively, postsurgical
lead: led, leads
spasm: spasms
tender: tenderness
trial: trials
course: courses
fail: failed, fails, failure
tolerate: tolerated, tolerates, tolerance, tolerating, intolerance
wean: weaning, weaned, tapering, taper, tapered
bind: binding
gait: walk, walking, walks, walked, ambulation, ambulating
lasting: sustained, durable
utilization: ur
"""

# Words that carry no claim about a case: grammar, and the frame in which a rationale is told.
_PLAIN = """
a about above according accordingly across after again against ago all along already also although always am among an and another any
anything are as at away be because become been before being below beside besides between beyond both but by can come comes could did
do does doing done down due during each either else even ever every few following follows for from further given gives giving go goes
had has have having he her here hers herself him himself his how i if in instead into is it its itself just let like made make makes
many may me might mine more most much must my namely nor not now of off on once one only onto or other others our out over own part per
perhaps quite rather same shall she should since so some still such than that the their theirs them then there therefore these they thing
things this those though through thus times to together too toward towards under until up upon us use used uses using very was way we
well were what when where whether which while who whom whose why will with within without would yet you your yes no none never neither
worker workers claimant applicant patient patients employee person people woman women man men male female gentleman lady year years old
summary case file states state stated says say said describes describe described documents document documented documentation reports
report reported notes note noted records recorded gives names name named lists list listed mentions mention mentioned shows show shown showed seen saw
shows found find finds finding findings tells tell told specify specified specifies contain contains
request requested requests requesting asks ask asked question issue dispute disputed service services
guideline guidelines chapter section sections edition mtus odg acoem outside criterion criteria rule rules condition conditions requirement requirements
requires require required requirement needs need needed applies apply applied allows allow allowed asks supports support supported
expects adds grounds ground looks therefore thus
medical medically necessary necessity appropriate reasonable decision determination denial rests rest rested based basis concerns
concern concerned relates relate regards regard met meets meet
amount number numbers quantity count counts total exactly namely currently current now present presently today day time
left right bilateral side sided sides
first initial examination exam times quantity
words word quote reads read worded wording wording's nothing something
brought bring brings bore bears bear lie lies lay fall falls fell stand stands stood speak speaks spoke set sets take takes taken took taking
rated rates rating
passage passages hold holds held address addresses addressed cover covers covered guidance enough
"""
UNIT_WORD = re.compile(
    r"(?:visits?|sessions?|treatments?|appointments?|tablets?|pills?|capsules?|mg|mcg|ml|g|percent|weeks?|weekly|months?"
    r"|monthly|days?|daily|hours?|minutes?|years?|units?|times?|old|quantity|qty|x)$"
)
PLAIN = frozenset(_PLAIN.split())
