/** Loaded before a server's own code: its clock is off by PROOF_CLOCK_MS from the first line on. */

const offsetMs = Number(process.env['PROOF_CLOCK_MS'] ?? 0);
const now = Date.now.bind(Date);

Date.now = () => now() + offsetMs;
