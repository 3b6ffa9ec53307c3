package penalty

import "sync"

// onceBool is a truth found on first demand.
type onceBool struct {
	once  sync.Once
	known bool
}

func (o *onceBool) get(find func() bool) bool {
	o.once.Do(func() { o.known = find() })
	return o.known
}
