# Orders versions as RubyGems does.
given = $stdin.read.lines.map(&:chomp).reject(&:empty?)
taken, refused = given.partition { |v| Gem::Version.correct?(v) }
taken = taken.sort_by { |v| Gem::Version.new(v) }
taken.slice_when { |a, b| (Gem::Version.new(a) <=> Gem::Version.new(b)) != 0 }.each { |same| puts same.join(" ") }
puts ["!", *refused].join(" ")
