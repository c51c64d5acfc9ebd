// Days as text, 2026-03-10. Which day it is, in this order:
// 1. What the clock says, set right by as many days as it was wrong when the server last said
//    which day it was, if that is within a month after that day.
// 2. Otherwise whichever is nearer to that day: this, or what the clock itself says; it may
//    have been put right since.
// 3. Never a day before the one that the server last said.

const DAY = 24 * 3600 * 1000;

export const daysBetween = (first, last) => Math.round((Date.parse(last) - Date.parse(first)) / DAY);
export const daysAfter = (day, n) =>
  new Date(Date.parse(day) + n * DAY).toISOString().slice(0, 10);

const onTheClock = () => {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
};

// Around midnight two right clocks differ by a day.
export function daysWrong(serversDay) {
  const days = daysBetween(onTheClock(), serversDay);
  return Math.abs(days) > 1 ? days : 0;
}

const MONTH = 31;

export function today(state) {
  const own = onTheClock();
  if (!state) return own;
  const since = (day) => daysBetween(state.today, day);
  const corrected = daysAfter(own, state.days_wrong);
  const isLikely = since(corrected) >= 0 && since(corrected) <= MONTH;
  const isNearer = Math.abs(since(own)) < Math.abs(since(corrected));
  const day = !isLikely && isNearer ? own : corrected;
  return since(day) < 0 ? state.today : day;
}

export const isWrong = (state) => Math.abs(daysBetween(onTheClock(), today(state))) > 1;

export const monthOf = (day) => `${day.slice(0, 7)}-01`;
