/** Texts of produce. */
export const en = { title: 'produce' };

export const ko: typeof en = { title: 'produce' };
