import type { ReactNode } from 'react';

// Line icons of one weight, drawn here: a set of a thousand would be loaded for thirty.
const shapes = {
  overview: <path d="M3 12h4l3-8 4 16 3-8h4" />,
  runs: <path d="M4 6h16M4 12h16M4 18h10" />,
  deployments: <path d="M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 12l8-4.5M12 12v9M12 12L4 7.5" />,
  queues: <path d="M4 5h16v4H4zM4 11h16v4H4zM4 17h16v3H4z" />,
  agents: <path d="M4 5h16v10H4zM9 20h6M12 15v5" />,
  schedules: <path d="M4 6h16v14H4zM4 10h16M8 3v4M16 3v4" />,
  holography: <path d="M12 4a8 8 0 1 0 .01 0M12 9a3 3 0 1 0 .01 0M4 12h5M15 12h5" />,
  play: <path d="M7 4l13 8-13 8z" />,
  pause: <path d="M8 5v14M16 5v14" />,
  stop: <path d="M6 6h12v12H6z" />,
  retry: <path d="M20 12a8 8 0 1 1-2.5-5.8M20 3v4.5h-4.5" />,
  trash: <path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13" />,
  search: <path d="M11 4a7 7 0 1 0 .01 0M16 16l5 5" />,
  close: <path d="M6 6l12 12M18 6L6 18" />,
  check: <path d="M5 12.5l4.5 4.5L19 7" />,
  cross: <path d="M7 7l10 10M17 7L7 17" />,
  bolt: <path d="M13 3L5 14h6l-1 7 8-11h-6z" />,
  clock: <path d="M12 4a8 8 0 1 0 .01 0M12 8v4.5l3 2" />,
  alarm: <path d="M12 6a7 7 0 1 0 .01 0M12 9v4.5l2.5 1.5M5 4L2.5 6.5M19 4l2.5 2.5" />,
  dots: <path d="M6 12h.01M12 12h.01M18 12h.01" />,
  half: <path d="M12 4a8 8 0 1 0 .01 0M12 4v16" />,
  minus: <path d="M6 12h12" />,
  plus: <path d="M12 5v14M5 12h14" />,
  download: <path d="M12 4v11M7 11l5 5 5-5M5 20h14" />,
  link: <path d="M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.700-5.700l-1.500 1.500M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.700 5.700l1.500-1.500" />,
  sun: <path d="M12 8a4 4 0 1 0 .01 0M12 2v2.500M12 19.500V22M2 12h2.500M19.500 12H22M4.900 4.900l1.800 1.800M17.300 17.300l1.800 1.800M19.100 4.900l-1.800 1.800M6.700 17.300l-1.800 1.800" />,
  moon: <path d="M20 14A8.500 8.500 0 0 1 10 4a8 8 0 1 0 10 10z" />,
  menu: <path d="M4 7h16M4 12h16M4 17h16" />,
  star: <path d="M12 4l2.500 5.300 5.500.800-4 4 1 5.900-5-2.800-5 2.800 1-5.900-4-4 5.500-.800z" />,
  up: <path d="M12 19V6M6 11l6-6 6 6" />,
  down: <path d="M12 5v13M6 13l6 6 6-6" />,
  left: <path d="M15 5l-7 7 7 7" />,
  right: <path d="M9 5l7 7-7 7" />,
  zoom: <path d="M11 4a7 7 0 1 0 .01 0M16 16l5 5M8 11h6M11 8v6" />,
  image: <path d="M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof shapes;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      {shapes[name]}
    </svg>
  );
}
