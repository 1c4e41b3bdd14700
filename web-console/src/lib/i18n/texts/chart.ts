/** Texts of charts. */
export const en = {
  none: 'Nothing measured yet',
  told: (line: string, last: string, most: string) => `${line} now ${last}, at most ${most}`,
};

export const ko: typeof en = {
  none: '아직 측정된 값이 없습니다',
  told: (line, last, most) => `${line} 현재 ${last}, 최대 ${most}`,
};
