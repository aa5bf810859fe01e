"""Master, driver and the meter in memory, in simulated time. Prints what the test expects."""

from control.ticks import MASK, add
from hal.meter_maps import SDM630
from hal.meter_modbus import ModbusMeter
from hal.modbus import Master
from hal.registers import float32 as decode
from simulator.portable.meter_slave import MemoryPort, MeterSlave
from simulator.portable.meter_slave import float32 as encode


class Clock:
    at_ms = MASK - 20000

    def now_ms(self):
        return self.at_ms


class Truth:
    voltage_mv = [230123, 231000, 229877]
    current_ma = [16000, -15999, 6001]
    power_w = [3680, 3695, -1380]
    energy_wh = 12345678
    frequency_mhz = 49985
    silent = False


def run(meter, clock, duration_ms):
    while duration_ms > 0:
        wait_ms = meter.poll(clock.now_ms())
        clock.at_ms = add(clock.at_ms, wait_ms)
        duration_ms -= wait_ms


def main():
    clock, truth = Clock(), Truth()
    meter = ModbusMeter(Master(MemoryPort(MeterSlave(truth), clock)), SDM630)
    run(meter, clock, 30000)
    print(meter.readings, meter.voltage_mv, meter.current_ma, meter.power_w, meter.energy_wh)
    truth.silent = True
    run(meter, clock, 10000)
    print(meter.readings, meter.failures, meter.error)
    truth.silent = False
    truth.energy_wh += 1
    run(meter, clock, 10000)
    print(meter.failures, meter.energy_wh)
    total = 0
    for thousandths in range(-5000000, 1000000000, 1234567):
        high, low = encode(thousandths)
        total = (total * 31 + high) % 999983
        total = (total * 31 + low) % 999983
        total = (total * 31 + decode(high, low, 1000)) % 999983
    print(total)


main()
