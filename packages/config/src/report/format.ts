const secondMs = 1_000;
const minuteMs = 60 * secondMs;

const two = (value: number): string => String(value).padStart(2, "0");

/** `1234567` as `1,234,567`; the same in every locale. */
function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A whole number: `2,000`. */
export function count(value: number): string {
  return value < 0 ? `-${grouped(String(Math.round(-value)))}` : grouped(String(Math.round(value)));
}

/** `1 job`, `2,000 jobs`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** With as many digits as are worth reading: `0.25`, `3.4`, `120`, `1,200`. */
export function amount(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 99.95) return count(value);
  return size >= 0.995 ? value.toFixed(1) : value.toFixed(2);
}

/** A length of time in at most two units: `0.8 s`, `45 s`, `3 min 20 s`, `2 h 05 min`. */
export function duration(lengthMs: number): string {
  if (lengthMs < 0) return `-${duration(-lengthMs)}`;
  if (lengthMs === 0) return "0 s";
  if (lengthMs < 9_950) return `${(lengthMs / secondMs).toFixed(1)} s`;
  const seconds = Math.round(lengthMs / secondMs);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) {
    const rest = seconds % 60;
    return `${Math.floor(seconds / 60)} min${rest === 0 ? "" : ` ${two(rest)} s`}`;
  }
  const minutes = Math.round(lengthMs / minuteMs);
  if (minutes < 2880) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `+3.0 s`, `-1 min`, `no change`. */
export function signedDuration(lengthMs: number): string {
  if (Math.abs(lengthMs) < 50) return "±0 s";
  return lengthMs > 0 ? `+${duration(lengthMs)}` : `−${duration(-lengthMs)}`;
}

/** A share of 0 to 1: `97%`, `0.4%`. Never rounds to all or nothing what is not. */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0 || value === 100) return `${value}%`;
  if (value < 0.05) return "<0.1%";
  if (value > 99.95 && value < 100) return ">99.9%";
  return value < 9.95 || value > 99 ? `${value.toFixed(1)}%` : `${Math.round(value)}%`;
}

/** US dollars: `$0.42`, `$12.30`, `$1,234`. */
export function dollars(usd: number): string {
  if (usd < 0) return `−${dollars(-usd)}`;
  if (usd === 0) return "$0";
  if (usd < 0.005) return "<$0.01";
  return usd < 99.995 ? `$${usd.toFixed(2)}` : `$${count(usd)}`;
}

/** `+$12`, `−$212`. */
export function signedDollars(usd: number): string {
  if (Math.abs(usd) < 0.005) return "±$0";
  return usd > 0 ? `+${dollars(usd)}` : `−${dollars(-usd)}`;
}

/** A change of a share, in points of a hundred: `+1.2 points`. */
export function signedPoints(share: number): string {
  const points = share * 100;
  if (Math.abs(points) < 0.05) return "±0 points";
  return `${points > 0 ? "+" : "−"}${Math.abs(points).toFixed(1)} points`;
}
