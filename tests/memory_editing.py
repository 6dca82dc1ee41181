"""Records in memory that can be edited, under the conditions of the real store."""

from __future__ import annotations

from dataclasses import dataclass, field

from assist.editing import Condition, ConditionError, EditorIdentity, NotHereError, NotWritableError, Written
from corpus.models import Kind, Record
from corpus.stored import Key


@dataclass
class MemoryEditing:
    """Keeps records by kind and id, and who wrote what; ``buried`` ids are refused."""

    records: dict[Key, Record] = field(default_factory=dict)
    buried: set[Key] = field(default_factory=set)
    edits: list[tuple[str, Key]] = field(default_factory=list)

    def put(self, kind: Kind, record: Record, editor: EditorIdentity, condition: Condition) -> Written:
        key: Key = (kind, record.id)
        before = self.records.get(key)
        if key in self.buried:
            raise NotWritableError
        if not condition.holds(before):
            raise ConditionError
        self.records[key] = record
        self.edits.append((editor.by, key))
        return Written(record=record, created=before is None)

    def remove(self, kind: Kind, record_id: str, editor: EditorIdentity, condition: Condition) -> None:
        key: Key = (kind, record_id)
        if key not in self.records:
            raise NotHereError
        if not condition.holds(self.records[key]):
            raise ConditionError
        del self.records[key]
        self.edits.append((editor.by, key))
