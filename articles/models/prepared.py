"""Statements that are prepared once: the ORM says what they are, and then is not asked again.

To build a queryset and to make SQL of it takes the processor several times as long as SQLite takes to run the
SQL, and a worker runs the same dozen statements all day. A ``Prepared`` is given a function that builds the
queryset of values that come later; the SQL is made when it is first run, and kept. So the conditions stand in
one place, as querysets, for those who run them a thousand times a minute and for everybody else.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models.constants import OnConflict
from django.db.models.expressions import Expression
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery

_FIELDS: "dict[type, models.Field[Any, Any]]" = {
    bool: models.BooleanField(),
    int: models.BigIntegerField(),
    str: models.TextField(),
    datetime: models.DateTimeField(),
    uuid.UUID: models.UUIDField(),
}
"""By the type of a value: the field that makes of it what the database takes."""


class Plus(NamedTuple):
    """In place of a column's new value: so much more than stands in it."""

    number: float


class Parameter(Expression):
    """The place of a value that is given when the statement is run: it stands wherever the ORM takes an
    expression. To one that is a time a timedelta may be added."""

    def __init__(
        self, name: str, output_field: "models.Field[Any, Any]", later: timedelta | None = None
    ) -> None:
        super().__init__(output_field=output_field)
        self.name = name
        self.later = later

    def __add__(self, later: timedelta) -> "Parameter":  # type: ignore[override]
        return Parameter(self.name, self.output_field, later if self.later is None else self.later + later)

    def as_sql(self, *_: object, **__: object) -> tuple[str, list["Parameter"]]:  # type: ignore[override]
        return "%s", [self]

    def given(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> Any:
        """What the database gets, where *values* are given by their names."""
        value = values[self.name]
        if self.later is not None:
            value += self.later
        return self.output_field.get_db_prep_save(value, connection)


class Prepared:
    """A queryset whose SQL is made once for all values.

    build: returns the queryset; it is called with a ``Parameter`` in place of each value, but with None for
    a value that is None, as SQL has other words for that. What the values are must not change what it builds.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any, Any]]) -> None:
        self._build = build
        self._selects: dict[tuple[str, ...], _Select] = {}
        self._updates: dict[tuple[tuple[str, ...], tuple[tuple[str, bool], ...]], _Statement] = {}

    def rows(self, **values: object) -> list[Any]:
        """The rows of the queryset for these values: each a tuple, or an instance of its model."""
        given = tuple(name for name, value in values.items() if value is not None)
        select = self._selects.get(given)
        if select is None:
            select = self._selects[given] = _Select(self._build(**_parameters(values)))
        return select.rows(values)

    def first(self, **values: object) -> Any:
        """The first of the rows, or None. The queryset itself says how many are asked for."""
        return next(iter(self.rows(**values)), None)

    def update(self, changes: Mapping[str, object], **values: object) -> int:
        """Store *changes* in the rows of the queryset for these values: what each column has from then on, or
        a ``Plus``; how many rows there were."""
        given = tuple(name for name, value in values.items() if value is not None)
        columns = tuple((name, isinstance(value, Plus)) for name, value in changes.items())
        update = self._updates.get((given, columns))
        if update is None:
            update = _update(self._build(**_parameters(values)), columns)
            self._updates[given, columns] = update
        new = {f"{_NEW}{name}": _plain(value) for name, value in changes.items()}
        with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS), update.run(values | new) as cursor:
            found: int = cursor.rowcount
        return found


class PreparedInsert:
    """The INSERT of one row after the other into the table of a model, whose SQL is made once.

    Like `bulk_create` it calls no `save` and sends no signal.

    unique, update: columns by which a row may be there already, and those that are then stored in it.
    """

    def __init__(
        self, model: type[models.Model], *, unique: Sequence[str] = (), update: Sequence[str] = ()
    ) -> None:
        self._model = model
        self._unique, self._update = unique, update

    def insert(self, instance: models.Model) -> None:
        """Store *instance*, which gets its id."""
        connection = connections[DEFAULT_DB_ALIAS]
        with (
            transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS),
            self._statement.run(self._values(instance)) as cursor,
        ):
            if self._id is not None and connection.features.can_return_columns_from_insert:
                (instance.pk,) = cursor.fetchone()
            elif self._id is not None:  # SQLite before 3.35
                table, key = self._model._meta.db_table, self._id.name
                instance.pk = connection.ops.last_insert_id(cursor, table, key)
        instance._state.adding, instance._state.db = False, DEFAULT_DB_ALIAS

    def _values(self, instance: models.Model) -> dict[str, Any]:
        return {field.attname: field.pre_save(instance, add=True) for field in self._fields}

    @cached_property
    def _id(self) -> "models.AutoField[Any, Any] | None":
        """The column of which the database makes up the value, if any."""
        key = self._model._meta.pk
        return key if isinstance(key, models.AutoField) else None

    @cached_property
    def _fields(self) -> "list[models.Field[Any, Any]]":
        return [field for field in self._model._meta.concrete_fields if field is not self._id]

    @cached_property
    def _statement(self) -> "_Statement":
        named = self._model._meta.get_field
        query: Any = InsertQuery(
            self._model,
            on_conflict=OnConflict.UPDATE if self._unique else None,
            unique_fields=[named(name) for name in self._unique],
            update_fields=[named(name) for name in self._update],
        )
        row = SimpleNamespace(**{field.attname: Parameter(field.attname, field) for field in self._fields})
        query.insert_values(self._fields, [row], raw=True)
        compiler = query.get_compiler(DEFAULT_DB_ALIAS)
        compiler.returning_fields = [self._id] if self._id is not None else []
        [statement] = compiler.as_sql()
        return _Statement(*statement)


_NEW = "new "
"""What stands before a column's name where it names its new value: no name of a value begins so."""


class _Statement:
    """SQL with its parameters, of which some are given when it is run."""

    def __init__(self, sql: str, parameters: tuple[object, ...]) -> None:
        self.sql = sql
        self._parameters = parameters

    def run(self, values: Mapping[str, Any]) -> CursorWrapper:
        """The cursor, to be closed, after the SQL was run with *values*."""
        connection = connections[DEFAULT_DB_ALIAS]
        given: list[Any] = [
            one.given(values, connection) if isinstance(one, Parameter) else one for one in self._parameters
        ]
        cursor = connection.cursor()
        cursor.execute(self.sql, given)
        return cursor


class _Select(_Statement):
    """A SELECT, and how its rows are made what the queryset's are."""

    def __init__(self, queryset: models.QuerySet[Any, Any]) -> None:
        compiler: Any = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        super().__init__(*compiler.as_sql())
        self._compiler = compiler
        self._converters = compiler.get_converters([column for column, *_ in compiler.select])
        self._model: type[models.Model] | None = None
        if issubclass(queryset._iterable_class, ModelIterable):
            self._model, columns = compiler.klass_info["model"], compiler.klass_info["select_fields"]
            self._own = slice(columns[0], columns[-1] + 1)
            self._names = [column.target.attname for column, *_ in compiler.select[self._own]]
            # Of Django 5.2; the types are those of a later one, which wants to know more.
            self._related = get_related_populators(  # type: ignore[call-arg]
                compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS
            )

    def rows(self, values: Mapping[str, Any]) -> list[Any]:
        with self.run(values) as cursor:
            rows = cursor.fetchall()
        found = map(tuple, self._compiler.apply_converters(rows, self._converters))
        if self._model is None:
            return list(found)
        return [self._instance(self._model, row) for row in found]

    def _instance(self, model: type[models.Model], row: tuple[Any, ...]) -> models.Model:
        instance = model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._own])
        for populator in self._related:
            populator.populate(row, instance)
        return instance


def _parameters(values: Mapping[str, object]) -> dict[str, Parameter | None]:
    return {
        name: None if value is None else Parameter(name, _field_of(value)) for name, value in values.items()
    }


def _field_of(value: object) -> "models.Field[Any, Any]":
    return next(_FIELDS[one] for one in type(value).__mro__ if one in _FIELDS)


def _update(queryset: models.QuerySet[Any, Any], columns: tuple[tuple[str, bool], ...]) -> _Statement:
    """The UPDATE of these columns, each with whether it is added to."""
    new = {
        name: models.F(name) + _new_value(queryset, name) if is_added else _new_value(queryset, name)
        for name, is_added in columns
    }
    query: Any = queryset.query.chain(UpdateQuery)
    query.add_update_values(new)
    return _Statement(*query.get_compiler(DEFAULT_DB_ALIAS).as_sql())


def _new_value(queryset: models.QuerySet[Any, Any], name: str) -> Parameter:
    return Parameter(f"{_NEW}{name}", queryset.model._meta.get_field(name))


def _plain(value: object) -> object:
    if isinstance(value, Plus):
        return value.number
    return value.pk if isinstance(value, models.Model) else value
