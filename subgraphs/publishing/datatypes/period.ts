import { z } from 'zod'
import { dateTime } from './primitives.ts'

export const period = z.object({ start: dateTime.optional(), end: dateTime.optional() }, 'Period')
