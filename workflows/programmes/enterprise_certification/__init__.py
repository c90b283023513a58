"""Enterprise certification (产教融合型企业认定): pool entry, then certification."""
