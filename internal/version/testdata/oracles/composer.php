<?php
// Orders versions as Composer does: by what it makes of them, as PHP compares that. Branches are refused.
require_once 'Composer/Semver/autoload.php';

$parser = new Composer\Semver\VersionParser();
$taken = [];
$refused = ['!'];
foreach (array_filter(explode("\n", stream_get_contents(STDIN)), 'strlen') as $text) {
    try {
        $normal = $parser->normalize($text);
    } catch (UnexpectedValueException $e) {
        $normal = 'dev-';
    }
    if (str_starts_with($normal, 'dev-') || str_contains($normal, '9999999')) {
        $refused[] = $text;
        continue;
    }
    $taken[] = [$normal, $text];
}
usort($taken, fn ($a, $b) => version_compare($a[0], $b[0]));
foreach ($taken as $i => [$normal, $text]) {
    $isSame = $i > 0 && version_compare($taken[$i - 1][0], $normal) === 0;
    echo $i === 0 ? '' : ($isSame ? ' ' : "\n"), $text;
}
echo "\n", implode(' ', $refused), "\n";
