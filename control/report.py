"""What one tick tells of the controller to everybody else."""

from control import duty, ticks


def write(snapshot, controller, inputs):
    """Fill the `windows.Snapshot` from a `Controller` that has just decided on `inputs`."""
    protection, session, allowance = controller.protection, controller.session, controller.allowance
    snapshot.state = controller.state
    snapshot.level = controller.pilot.level
    snapshot.high_mv = inputs.high_mv
    snapshot.low_mv = inputs.low_mv
    snapshot.offered_ma = controller.offer.value_ma
    snapshot.limit_ma = controller.limits.least_ma
    snapshot.reason = controller.limits.reason
    if snapshot.limit_ma < duty.LEAST_MA:
        snapshot.paused_by = snapshot.reason
    elif not controller.offer.pausing:
        snapshot.paused_by = -1
    snapshot.hazard = inputs.hazard
    snapshot.close = controller.commanded
    snapshot.closed = inputs.closed
    snapshot.faults = controller.faults.active
    snapshot.latched = controller.faults.latched
    snapshot.restarted = controller.faults.restarted
    snapshot.spent = controller.faults.spent
    snapshot.session = session.number
    snapshot.plugged = session.plugged
    snapshot.session_s = session.age_s
    snapshot.idle_s = session.idle_s
    snapshot.session_wh = controller.energy.session_wh
    snapshot.lifetime_wh = controller.energy.lifetime_wh
    snapshot.cycles = protection.operations.cycles
    snapshot.closings = protection.operations.recent.count
    snapshot.trips = protection.rcd.trips.kept()
    snapshot.marks = protection.marks()
    snapshot.phases = protection.switching.selected or protection.switching.phases(inputs.joined)
    snapshot.phases_in_use = allowance.phases_in_use.count
    snapshot.ticks = (snapshot.ticks + 1) & ticks.MASK
