"""The walk-throughs, in the order of the table."""

import older_book
import other_tools
import packages
import quick_start
import small_machine
import three_brokers
import whole_cluster

TUTORIALS = {module.tutorial.key: module.tutorial
             for module in (small_machine, older_book, three_brokers, whole_cluster, packages, quick_start, other_tools)}
