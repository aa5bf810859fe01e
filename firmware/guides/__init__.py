"""What people should know about each error, a file each; read by `firmware.guide`."""
