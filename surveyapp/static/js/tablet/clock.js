// Days as text, 2026-03-10. A tablet whose clock runs behind goes by the last day it heard of.

const DAY = 24 * 3600 * 1000;

const onTheClock = () => {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
};

export const isBehind = (state) => Boolean(state) && onTheClock() < state.today;

export const today = (state) => (isBehind(state) ? state.today : onTheClock());

export const monthOf = (day) => `${day.slice(0, 7)}-01`;

export const daysBetween = (first, last) => Math.round((Date.parse(last) - Date.parse(first)) / DAY);
