"""Many tables made by one step of a migration, for migrations that stand for a long row of older ones."""

from django.db.migrations.operations.base import Operation


class Together(Operation):
    """Do these operations on one picture of the models as they are after the last of them.

    Django draws the models anew after every operation: with our hundred and fifty, all joined to one another, that
    is most of the time that `migrate` takes on an empty database. PostgreSQL takes the keys between tables at the
    end of the migration, so tables may name one another in any order.

    Only for what holds on the last picture: new models, their triggers, indexes and constraints. What needs to know
    how the models were before it, a field that changes for one, stands on its own.
    """

    reversible = True

    def __init__(self, operations):
        self.operations = operations

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # drawn again when it is next asked for
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"Make {len(self.operations)} things together"
