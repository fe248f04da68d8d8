/** Where a service tells what went wrong; never given variables or documents, which hold NHS numbers. */
export type ServiceLog = (message: string, error: unknown) => void

/** The error whole, on standard error. */
export const logToConsole: ServiceLog = (message, error) => console.error(message, error)
