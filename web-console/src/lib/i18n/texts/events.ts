/** Texts of the page of events. */
export const en = {
  title: 'Events',
  columns: { time: 'Time', level: 'Level', kind: 'Kind', text: 'What happened', broker: 'Broker' },
  levels: { info: 'info', warn: 'warning', bad: 'error' } as Record<string, string>,
  allLevels: 'All levels',
  allKinds: 'All kinds',
  atLeast: { warn: 'Warnings and errors', bad: 'Errors only' },
  filter: 'Filter the text',
  pause: 'Pause',
  resume: 'Follow',
  paused: (count: string) => `Paused, ${count} new`,
  emptyTitle: 'Nothing has happened yet',
  emptyText: 'Joins and leaves, elections, rebalances and refused requests appear here as they happen.',
  noMatch: 'No event matches these filters.',
  clear: 'Clear the filters',
};

export const ko: typeof en = {
  title: '이벤트',
  columns: { time: '시각', level: '수준', kind: '종류', text: '내용', broker: '브로커' },
  levels: { info: '정보', warn: '경고', bad: '오류' },
  allLevels: '모든 수준',
  allKinds: '모든 종류',
  atLeast: { warn: '경고와 오류', bad: '오류만' },
  filter: '내용 필터',
  pause: '일시 정지',
  resume: '따라가기',
  paused: (count) => `일시 정지, 새 이벤트 ${count}개`,
  emptyTitle: '아직 아무 일도 없습니다',
  emptyText: '참여와 이탈, 선출, 리밸런싱, 거절된 요청이 일어나는 대로 여기에 나타납니다.',
  noMatch: '필터에 맞는 이벤트가 없습니다.',
  clear: '필터 지우기',
};
