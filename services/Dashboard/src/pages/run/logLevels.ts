import type { LogLevel } from '../../api/types';

export const levels: readonly LogLevel[] = ['Trace', 'Debug', 'Information', 'Warning', 'Error', 'Critical'];

const short: Record<LogLevel, string> = { Trace: 'TRC', Debug: 'DBG', Information: 'INF', Warning: 'WRN', Error: 'ERR', Critical: 'CRT' };

export const shortLevel = (level: LogLevel): string => short[level];
