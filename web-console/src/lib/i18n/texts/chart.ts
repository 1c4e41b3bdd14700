/** Texts of charts. */
export const en = {
  none: 'Nothing measured yet',
  in: 'in',
  out: 'out',
  bytes: 'Bytes in and out',
  recordsFlow: 'Records in and out',
  told: (line: string, last: string, most: string) => `${line} now ${last}, at most ${most}`,
};

export const ko: typeof en = {
  none: '아직 측정된 값이 없습니다',
  in: '수신',
  out: '송신',
  bytes: '바이트 입출력',
  recordsFlow: '레코드 입출력',
  told: (line, last, most) => `${line} 현재 ${last}, 최대 ${most}`,
};
