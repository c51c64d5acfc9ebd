// Days as text, 2026-03-10. A clock that is days wrong is set right by what the server last
// said; one that has gone back since then goes by the last day it heard of.

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

const setRight = (state) => daysAfter(onTheClock(), state?.days_wrong ?? 0);

export function today(state) {
  const day = setRight(state);
  return state && day < state.today ? state.today : day;
}

export const isWrong = (state) =>
  Boolean(state) && (state.days_wrong !== 0 || daysBetween(setRight(state), state.today) > 1);

export const monthOf = (day) => `${day.slice(0, 7)}-01`;
