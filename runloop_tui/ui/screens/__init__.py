"""The screens: compose, bind, post."""
