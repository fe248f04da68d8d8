import { plans, specialties } from '../codes/care.ts'
import { tests } from '../codes/tests.ts'
import { words } from '../vocabulary/concept.ts'
import { toConcept } from './concepts.ts'
import { operations } from './health.ts'
import { pastDay } from './life.ts'
import type { PersonWriting } from './writing.ts'

const falls = words('Risk of falls')
const interpreter = words('Interpreter needed')

/**
 * What the hospital publishes beside documents: operations, appointments to come, plans, alerts and, rarely, what is
 * sensitive.
 */
export function writeHospitalRecord({ outline, life, place, days, random, scribe }: PersonWriting): void {
  const organisation = place.acute
  const { procedure, fromAge } = random.choose(operations)
  if (outline.age >= fromAge && random.chance(0.25)) writeProcedure()
  if (life.endedDaysAgo === 0 && random.chance(0.15)) writeAppointment()
  if (outline.age >= 65 && random.chance(0.1)) writeCarePlan()
  if (random.chance(outline.age >= 75 ? 0.15 : 0.02)) writeAlert()
  if (outline.age >= 16 && outline.age < 60 && random.chance(0.006)) writeSexualHealthScreen()

  function writeProcedure(): void {
    const on = days.on(pastDay(random, life, 10))
    scribe.write('procedures', {
      resourceType: 'Procedure',
      organisation,
      on,
      fields: { code: toConcept(procedure), status: 'COMPLETED', performed: on.text },
    })
  }

  function writeAppointment(): void {
    // Still to come when the population is moved along, four weeks later.
    const daysAgo = -random.between(35, 120)
    const minute = random.between(540, 960)
    const start = days.at(daysAgo, minute)
    const end = days.at(daysAgo, minute + 20)
    const specialty = toConcept(
      random.pick([specialties.cardiology, specialties.ophthalmology, specialties.orthopaedics]),
    )
    const fields = {
      start: new Date(start.ms).toISOString(),
      end: new Date(end.ms).toISOString(),
      status: 'BOOKED',
      specialty,
      location: organisation.name,
      description: 'Outpatient clinic',
    } as const
    scribe.write('appointments', { resourceType: 'Appointment', organisation, on: start, fields })
  }

  function writeCarePlan(): void {
    const on = days.on(pastDay(random, life, 2))
    const activities = ['Named nurse visits once a month', 'Family knows whom to call at night']
    const fields = {
      title: plans.personalised.text,
      category: toConcept(plans.personalised),
      status: 'ACTIVE',
      start: on.text,
      end: null,
      activities,
    } as const
    scribe.write('carePlans', { resourceType: 'CarePlan', organisation, on, fields })
  }

  function writeAlert(): void {
    const on = days.on(pastDay(random, life, 4))
    const fields = {
      code: toConcept(outline.age >= 75 ? falls : interpreter),
      category: null,
      status: 'ACTIVE',
      start: on.text,
      end: null,
    } as const
    scribe.write('alerts', { resourceType: 'Flag', organisation, on, fields })
  }

  function writeSexualHealthScreen(): void {
    const on = days.at(pastDay(random, life, 5), 720)
    const fields = {
      code: toConcept(tests.sexualHealthScreen),
      category: 'LABORATORY',
      effective: on.text,
      status: 'FINAL',
      value: 'Negative',
      quantity: null,
    } as const
    const rest = { referenceRange: null, interpretation: null, components: [], report: null }
    scribe.write('results', {
      resourceType: 'Observation',
      organisation,
      on,
      labels: ['R', 'STD'],
      fields: { ...fields, ...rest },
    })
  }
}
