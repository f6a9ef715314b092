package catalog

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// The folders that hold one file per technology or per year.
const (
	technologiesFolder = "technologies"
	cyclesFolder       = "release-cycles"
	integrationsFolder = "integrations"
	advisoriesFolder   = "advisories"
)

// load reads a catalogue laid out as data/README.md says. All faults of all files come back together.
func load(files fs.FS) (*Catalog, error) {
	c := &Catalog{}
	tasks := []func() error{
		func() error { return readList(files, "sources.yaml", &c.Sources) },
		func() error { return readDocument(files, "vocabulary.yaml", &c.Vocabulary) },
		func() error { return readList(files, "categories.yaml", &c.Categories) },
		func() error { return readList(files, "use-cases.yaml", &c.UseCases) },
		func() error { return readList(files, "criteria.yaml", &c.Criteria) },
		func() error { return readList(files, "mistakes.yaml", &c.Mistakes) },
		func() error { return readList(files, "tools.yaml", &c.Tools) },
		func() error { return readTable(files, "licenses.tsv", licenseColumns, licenseOf, &c.Licenses) },
		func() error {
			return readTable(files, "requirements.tsv", requirementColumns, requirementOf, &c.Requirements)
		},
		func() error { return readTable(files, "packages.tsv", packageColumns, packageOf, &c.Packages) },
	}
	known, err := foldersOf(files)
	if err != nil {
		return nil, err
	}

	c.Technologies = make([]Technology, len(known[technologiesFolder]))
	for i, name := range known[technologiesFolder] {
		tasks = append(tasks, func() error { return readTechnology(files, name, &c.Technologies[i]) })
	}
	for _, name := range known[cyclesFolder] {
		if _, ok := slices.BinarySearch(known[technologiesFolder], slugOf(name)+".yaml"); !ok {
			tasks = append(tasks, func() error {
				return fmt.Errorf("%s: there is no technology of that name", path.Join(cyclesFolder, name))
			})
		}
	}
	integrations := make([][]Integration, len(known[integrationsFolder]))
	for i, name := range known[integrationsFolder] {
		tasks = append(tasks, func() error { return readIntegrations(files, name, &integrations[i]) })
	}
	advisories := make([][]Advisory, len(known[advisoriesFolder]))
	for i, name := range known[advisoriesFolder] {
		tasks = append(tasks, func() error { return readList(files, path.Join(advisoriesFolder, name), &advisories[i]) })
	}

	if err := runAll(tasks); err != nil {
		return nil, err
	}
	c.Integrations = slices.Concat(integrations...)
	c.Advisories = slices.Concat(advisories...)
	return c, nil
}

// readTechnology reads a technology and its release cycles, which it need not have.
func readTechnology(files fs.FS, name string, to *Technology) error {
	if err := readDocument(files, path.Join(technologiesFolder, name), to); err != nil {
		return err
	}
	to.Slug = slugOf(name)
	cycles := path.Join(cyclesFolder, to.Slug+".tsv")
	err := readTable(files, cycles, cycleColumns, cycleOf, &to.ReleaseCycles)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// readIntegrations reads the integrations of the technology that the file is named after.
func readIntegrations(files fs.FS, name string, to *[]Integration) error {
	name = path.Join(integrationsFolder, name)
	if err := readList(files, name, to); err != nil {
		return err
	}
	for i := range *to {
		if (*to)[i].From != "" {
			return fmt.Errorf("%s: record %d: from is the file's name and is not written", name, i+1)
		}
		(*to)[i].From = slugOf(path.Base(name))
	}
	return nil
}

// foldersOf lists the files of each folder by name, and refuses files that nothing would read.
func foldersOf(files fs.FS) (map[string][]string, error) {
	extensions := map[string]string{
		technologiesFolder: ".yaml", cyclesFolder: ".tsv", integrationsFolder: ".yaml", advisoriesFolder: ".yaml",
	}
	known := map[string][]string{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || slices.Contains(topFiles, name) {
			return err
		}
		folder, base := path.Split(name)
		folder = strings.TrimSuffix(folder, "/")
		if ext, ok := extensions[folder]; !ok || path.Ext(base) != ext {
			return fmt.Errorf("%s: no part of the catalogue has such a file", name)
		}
		known[folder] = append(known[folder], base)
		return nil
	})
	return known, err
}

var topFiles = []string{
	"NOTICE", "README.md", "sources.yaml", "vocabulary.yaml", "categories.yaml", "use-cases.yaml", "criteria.yaml",
	"mistakes.yaml", "tools.yaml", "licenses.tsv", "requirements.tsv", "packages.tsv",
}

func slugOf(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }

// runAll runs the tasks on all processors and gives their errors in the order of the tasks.
func runAll(tasks []func() error) error {
	errs := make([]error, len(tasks))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(tasks)); i = next.Add(1) - 1 {
				errs[i] = tasks[i]()
			}
		})
	}
	workers.Wait()
	return errors.Join(errs...)
}
