"""Events that providers send by themselves: proved, stored before they are thanked for, landed."""
