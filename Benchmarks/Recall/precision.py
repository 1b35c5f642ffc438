#!/usr/bin/env python3
"""How far may scores of recall be trusted? Of a third of the questions asked here the answer is not there.

precision.py make QUERIES QRELS MEMORIES TO-QUERIES TO-LABELS
    writes questions and their labels: the questions of categories 1 to 4 as they are, and half as many that are asked of
    another conversation, with the names of its speakers, where nobody has told what they ask for.
precision.py score LABELS RUN
    scores a run with scores (lines {"qid": ..., "ids": [...], "scores": [...]}) at several floors.
"""
import json
import re
import sys

LOOKED_AT = 10
FLOORS = [0, .05, .1, .15, .2, .25, .3, .35, .4, .5, .6, .7, .8]


def lines(path):
    with open(path, encoding='utf-8') as file:
        return [json.loads(line) for line in file if line.strip()]


def make(queries, qrels, memories, to_queries, to_labels):
    relevant = {}
    with open(qrels, encoding='utf-8') as file:
        for line in file:
            qid, category, _, ids = line.rstrip('\n').split('\t')
            if int(category) < 5:
                relevant[qid] = ids
    speakers = {}
    for turn in lines(memories):
        known = speakers.setdefault(turn['conversation'], [])
        if turn['speaker'] not in known:
            known.append(turn['speaker'])
    asked = [question for question in lines(queries) if question['qid'] in relevant]
    conversations = list(speakers)
    out = [(question, relevant[question['qid']]) for question in asked]
    for question in asked[::2]:
        of = question['conversation']
        other = conversations[(conversations.index(of) + 1) % len(conversations)]
        names = dict(zip(speakers[of], speakers[other]))
        text = re.sub('|'.join(map(re.escape, names)), lambda name: names[name.group()], question['question'])
        out.append(({'conversation': other, 'qid': 'none-' + question['qid'], 'question': text}, ''))
    with open(to_queries, 'w', encoding='utf-8') as file:
        file.writelines(json.dumps(question, ensure_ascii=False) + '\n' for question, _ in out)
    with open(to_labels, 'w', encoding='utf-8') as file:
        file.writelines(f"{question['qid']}\t{ids}\n" for question, ids in out)
    print(len(asked), 'questions with an answer,', len(out) - len(asked), 'without')


def score(labels, run):
    with open(labels, encoding='utf-8') as file:
        relevant = {qid: set(ids.split()) for qid, ids in (line.rstrip('\n').split('\t') for line in file)}
    found = {answer['qid']: list(zip(answer['ids'], answer['scores']))[:LOOKED_AT] for answer in lines(run)}
    missing = [qid for qid in relevant if qid not in found]
    if missing:
        sys.exit(f'{len(missing)} questions are not in the run')
    best = {qid: max((score for _, score in found[qid]), default=0) for qid in relevant}
    with_answer = [qid for qid in relevant if relevant[qid]]
    without = [qid for qid in relevant if not relevant[qid]]
    pairs = sum((best[a] > best[b]) + .5 * (best[a] == best[b]) for a in with_answer for b in without)
    print(f'a question with an answer has the higher best score in {pairs / len(with_answer) / len(without):.3f} of all pairs')
    print('floor  recall@10  found  precision | without an answer: nothing given  given')
    for floor in FLOORS:
        given = {qid: [id for id, score in found[qid] if score >= floor] for qid in relevant}
        hits = {qid: len(relevant[qid] & set(given[qid])) for qid in with_answer}
        recall = sum(hits[qid] / len(relevant[qid]) for qid in with_answer) / len(with_answer)
        any_found = sum(hits[qid] > 0 for qid in with_answer) / len(with_answer)
        all_given = sum(len(ids) for ids in given.values())
        precision = sum(hits.values()) / all_given if all_given else 0
        none = sum(not given[qid] for qid in without) / len(without)
        count = sum(len(given[qid]) for qid in without) / len(without)
        print(f'{floor:5.2f} {recall:10.3f} {any_found:6.3f} {precision:10.3f} | {none:32.3f} {count:6.2f}')


if len(sys.argv) > 1 and (sys.argv[1], len(sys.argv)) in (('make', 7), ('score', 4)):
    {'make': make, 'score': score}[sys.argv[1]](*sys.argv[2:])
else:
    sys.exit(__doc__)
