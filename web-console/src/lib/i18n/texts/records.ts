/** Texts of records. */
export const en = { title: 'records' };

export const ko: typeof en = { title: 'records' };
