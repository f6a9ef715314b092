package graph

import (
	"reflect"

	"stackyard/ent"
	"stackyard/graph/loader"
)

// ownerOf gives the organisation that an object belongs to; not ok for what
// belongs to none. Field contexts hold objects of lists by another pointer.
func ownerOf(object any) (organization int64, isOwned bool) {
	v := reflect.ValueOf(object)
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.Pointer || v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() {
		return 0, false
	}
	switch o := v.Interface().(type) {
	case *ent.Organization:
		return o.ID, true
	case *ent.Member:
		return o.OrganizationID, true
	case *ent.Invitation:
		return o.OrganizationID, true
	case *ent.Project:
		return o.OrganizationID, true
	case *ent.StackComponent:
		return o.OrganizationID, true
	case *ent.Finding:
		return o.OrganizationID, true
	case *ent.Webhook:
		return o.OrganizationID, true
	case *loader.Acknowledgement:
		return o.Organization, true
	case *loader.ForecastEntry:
		return o.Organization, true
	case *ent.Change:
		return o.LogID, o.LogID != loader.PublicLog
	}
	return 0, false
}

// isNil says whether a result is null.
func isNil(result any) bool {
	v := reflect.ValueOf(result)
	return !v.IsValid() || (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && v.IsNil()
}
