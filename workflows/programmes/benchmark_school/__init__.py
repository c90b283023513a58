"""Recognition of benchmark schools (产教融合标杆学校认定): checked figures, weighed together."""
