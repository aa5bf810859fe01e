"""ESP32-S3 module with 8 MiB of flash and PSRAM: three phases, 32 A, a tethered cable."""
