"""Mutation testing of control: does a test notice when its code is changed?"""
