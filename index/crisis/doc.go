// Package crisis judges the mentions of one topic: how unusual, how grave and
// how widely told they are, on one additive scale out of 100 whose every point
// opens to the sentences behind it.
//
// Judge reads mentions and gives a Verdict; Apply turns verdicts into an
// incident that opens, rises, falls and resolves. Both are pure: same mentions
// and same clock, same answer. Nothing is stored and nothing is sent.
//
// The score is the sum of seven signals. Volume compares the troubling
// mentions of the last two days with the topic's own history, as rare events:
// a branch has none to three mentions a week, so a mean and a deviation mean
// nothing there. Independence counts the press groups that say it, reprints
// folded. Severity reads grave words (severity.txt), but not "combattre la
// fraude", a drill, a novel or an arena of the same name. Tier, the name in a
// title and the share of negative mentions add the rest, and an open incident
// of the movement weighs on its branches.
//
// Mentions count by when they were published, never by when they were
// received, so that a source back from silence or an imported archive raises
// nothing.
//
// Source: the predictive law of a Poisson count with a Gamma prior is negative
// binomial; Gelman et al., Bayesian Data Analysis, 3rd ed., §2.6. The noisy-or
// of severity: Pearl, Probabilistic Reasoning in Intelligent Systems, 1988.
package crisis
