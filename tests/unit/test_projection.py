"""Maps: PCA against scikit-learn, UMAP and t-SNE in their worker, the store on disk, new points in finished maps."""

import os
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

from model_backend import BackendError, Busy, open_model
from model_backend.base.embedding_records import MapSettings
from model_backend.hub import catalogue
from model_backend.maps import map_store, projection, projection_jobs
from model_backend.maps.map_store import bundled_maps
from model_backend.maps.projection import fitting, map_key, pca, place_among_neighbours, place_linear
from model_backend.maps.projection_jobs import ProjectionJobs

UMAP = MapSettings(n_neighbors=6, n_steps=60)
TSNE = MapSettings(method="tsne", perplexity=8, n_steps=300)


@pytest.fixture(scope="module")
def groups():
    """Three groups of 20 points each, far apart in 12 dimensions."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(3, 12)) * 6
    return (np.repeat(centres, 20, 0) + rng.normal(size=(60, 12))).astype(np.float32)


@pytest.fixture(scope="module")
def queue(tmp_path_factory):
    """Jobs with a cache of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOKENSCOPE_CACHE", str(tmp_path_factory.mktemp("cache")))
        jobs = ProjectionJobs()
        yield jobs
        jobs.close()


@pytest.mark.parametrize("shape", [(200, 16), (16, 200), (5, 3), (3, 3)])
def test_pca_is_that_of_scikit_learn(shape):
    vectors = np.random.default_rng(1).normal(size=shape) * np.linspace(3, 1, shape[1]) + 5
    expected = PCA(2, svd_solver="full").fit(vectors)
    found = pca(vectors, 2)
    np.testing.assert_allclose(found.points, expected.transform(vectors), atol=1e-4)
    np.testing.assert_allclose(found.components, expected.components_, atol=1e-5)
    np.testing.assert_allclose(found.explained, expected.explained_variance_ratio_, atol=1e-6)
    full = PCA(svd_solver="full").fit(vectors).explained_variance_ratio_
    np.testing.assert_allclose(found.all_explained, full, atol=1e-6)


def test_pca_of_the_same_points_in_another_order_does_not_flip():
    vectors = np.random.default_rng(2).normal(size=(50, 8))
    np.testing.assert_allclose(pca(vectors[::-1]).points[::-1], pca(vectors).points, atol=1e-5)


def test_pca_of_points_on_a_line_and_of_one_point_twice():
    line = np.outer(np.arange(5.0), [3.0, 4.0])  # steps of length 5
    found = pca(line, 3)
    np.testing.assert_allclose(found.points, np.outer(np.arange(-2, 3) * 5.0, [1, 0, 0]), atol=1e-5)
    assert found.explained.tolist() == [1, 0, 0]
    same = pca(np.ones((2, 4)))
    assert not same.points.any() and not same.explained.any()
    with pytest.raises(BackendError):
        pca(np.ones((1, 4)))


def test_new_points_on_a_pca_map_are_exact(groups):
    found = pca(groups)
    expected = PCA(2).fit(groups).transform(groups[:4] + 1)
    placed = place_linear(found, groups[:4] + 1)
    np.testing.assert_allclose(placed.points, expected, atol=1e-4)
    assert placed.how == "linear"


def test_new_points_among_neighbours_by_hand():
    full = np.array([[1.0, 0], [0, 1], [-1, 0]])
    places = np.array([[0.0, 0], [10, 0], [0, 10]])
    placed = place_among_neighbours(places, full, np.array([[1.0, 1], [0, 5], [3, 1]]), k=2)
    assert placed.how == "neighbours"
    np.testing.assert_allclose(placed.points[0], [5, 0], atol=1e-5)  # as like the first as the second
    np.testing.assert_allclose(placed.points[1], [10, 0], atol=1e-5)  # the second itself, only longer
    np.testing.assert_allclose(placed.points[2], [2.5, 0], atol=1e-5)  # cosines 3 : 1
    assert placed.neighbours.tolist() == [[0, 1], [1, 0], [0, 1]]


def test_umap_comes_with_progress_seed_and_trustworthiness(queue, groups):
    started = time.monotonic()
    job = queue.submit(groups, UMAP)
    assert job.state().stage in ("queued", "starting")
    assert time.monotonic() - started < 1
    stages = []
    while not job.is_done:
        state = job.state()
        stages.append((state.stage, state.done, state.total))
        assert state.seconds < 600
        time.sleep(0.002)
    found = job.result()
    layout = [done for stage, done, total in stages if stage == "layout" and total == 60]
    assert layout == sorted(layout)
    assert job.state().stage == "finished"
    assert found.points.shape == (60, 2) and found.points.dtype == np.float32
    expected = trustworthiness(groups, found.points, n_neighbors=15, metric="cosine")
    assert found.trustworthiness == pytest.approx(expected, abs=1e-6) and found.n_neighbors == 15
    centres = found.points.reshape(3, 20, 2).mean(1)
    spread = found.points.reshape(3, 20, 2).std(1).max()
    assert min(np.linalg.norm(centres[a] - centres[b]) for a, b in [(0, 1), (0, 2), (1, 2)]) > spread
    assert "umap-learn" in found.version and found.settings.seed == 0


def test_a_finished_map_is_there_at_once(queue, groups):
    first = queue.submit(groups, UMAP).result(600)
    again = ProjectionJobs().submit(groups, UMAP)  # another program: from the disk, no worker
    assert again.is_done
    np.testing.assert_array_equal(again.result().points, first.points)
    assert again.result().settings == first.settings and again.result().trustworthiness == first.trustworthiness


def test_the_same_seed_gives_the_same_map_and_another_does_not(queue, groups):
    first = queue.submit(groups, UMAP).result(600)
    (map_store.maps_folder() / f"{first.key}.npz").unlink()
    np.testing.assert_array_equal(queue.submit(groups, UMAP).result(600).points, first.points)
    other = queue.submit(groups, replace(UMAP, seed=1)).result(600)
    assert not np.allclose(other.points, first.points)


def test_new_points_in_a_umap_go_by_its_own_transform(queue, groups):
    found = queue.submit(groups, UMAP).result(600)
    placed = queue.submit_placement(found, groups, groups[[0, 25, 59]] + 0.01).result(600)
    assert placed.how == "transform"
    for point, origin in zip(placed.points, (0, 1, 2), strict=True):
        centres = found.points.reshape(3, 20, 2).mean(1)
        assert np.linalg.norm(centres - point, axis=1).argmin() == origin


def test_tsne_has_no_transform_and_says_so(queue, groups):
    job = queue.submit(groups, replace(TSNE, n_dimensions=3))
    found = job.result(600)
    assert found.points.shape == (60, 3) and found.kl_divergence > 0
    assert found.trustworthiness == pytest.approx(
        trustworthiness(groups, found.points, n_neighbors=15, metric="cosine"), abs=1e-6
    )
    placed = queue.submit_placement(found, groups, groups[:2]).result(1)
    assert placed.how == "neighbours"
    np.testing.assert_allclose(placed.points, found.points[:2], atol=1e-5)


def test_tsne_is_that_of_scikit_learn(queue, groups):
    from sklearn.manifold import TSNE as ByHand

    found = queue.submit(groups, TSNE).result(600)
    expected = ByHand(perplexity=8, max_iter=300, metric="cosine", init="pca", random_state=0).fit_transform(groups)
    np.testing.assert_allclose(found.points, expected, rtol=1e-3, atol=1e-2)


def test_cancel_ends_the_job_for_the_last_owner_only(queue):
    vectors = np.random.default_rng(5).normal(size=(800, 16)).astype(np.float32)
    slow = replace(UMAP, n_steps=20_000)
    job = queue.submit(vectors, slow, owner="a")
    assert queue.submit(vectors, slow, owner="b") is job
    deadline = time.monotonic() + 300
    while job.state().stage != "layout" and time.monotonic() < deadline:
        time.sleep(0.05)
    worker = queue._worker
    queue.cancel(job, "a")
    assert not job.is_done
    queue.cancel(job, "b")
    assert job.state().stage == "cancelled" and worker.poll() is not None
    with pytest.raises(BackendError, match="cancelled"):
        job.result(1)
    assert queue.submit(vectors[:60], TSNE).result(600).points.shape == (60, 2)  # a fresh worker goes on


def test_a_job_is_found_by_its_key_while_it_lasts_and_for_a_while_after(queue, groups, monkeypatch):
    monkeypatch.setattr(projection_jobs, "MAX_ENDED", 2)
    finished = queue.submit(groups, UMAP)
    assert queue.find(finished.key) is finished
    assert finished.result(600) and queue.find(finished.key).state().is_done
    stopped = queue.submit(groups, replace(UMAP, seed=77), owner="a")
    queue.cancel(stopped, "a")
    assert queue.find(stopped.key).state().stage == "cancelled"
    again = queue.submit(groups, replace(UMAP, seed=77), owner="a")
    assert again is not stopped and queue.find(stopped.key) is again
    queue.cancel(again, "a")
    tsne = queue.submit(groups, replace(TSNE, seed=77)).result(600)
    assert queue.find(finished.key) is None and queue.find(tsne.key).result(1) is tsne


def test_what_was_placed_is_not_placed_again(queue, groups):
    """Catches: a screen that asks again when the placing is done, and again, and never draws it."""
    found = queue.submit(groups, UMAP).result(600)
    placed = queue.submit_placement(found, groups, groups[[1, 2]] + 0.02).result(600)
    again = queue.submit_placement(found, groups, groups[[1, 2]] + 0.02)
    assert again.is_done and again.result() is placed and placed.how == "transform"


def test_a_failure_in_the_worker_surfaces_and_the_next_job_runs(queue, groups):
    broken = groups.copy()
    broken[3, 4] = np.inf
    with pytest.raises(RuntimeError, match="ValueError"):
        queue.submit(broken, TSNE).result(600)
    assert queue.submit(groups, TSNE).result(600).key == map_key(groups, fitting(TSNE, 60))


def test_an_idle_worker_ends_and_comes_back(groups):
    jobs = ProjectionJobs(idle_seconds=0.2)
    jobs.submit(groups, replace(TSNE, seed=3)).result(600)
    deadline = time.monotonic() + 20
    while jobs._worker is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert jobs._worker is None
    assert jobs.submit(groups, replace(TSNE, seed=4)).result(600).settings.seed == 4
    jobs.close()


def test_too_many_waiting_maps_are_refused(groups, monkeypatch, tmp_path):
    monkeypatch.setenv("TOKENSCOPE_CACHE", str(tmp_path))
    monkeypatch.setattr(projection_jobs, "MAX_WAITING", 1)
    monkeypatch.setattr(ProjectionJobs, "_serve", lambda self: time.sleep(1))
    jobs = ProjectionJobs()
    jobs.submit(groups, UMAP)
    with pytest.raises(Busy):
        jobs.submit(groups, replace(UMAP, seed=9))


@pytest.mark.parametrize("n", [4, 5001])
def test_too_few_or_too_many_points_are_refused(n):
    with pytest.raises(BackendError):
        fitting(UMAP, n)


def test_settings_fit_the_number_of_points():
    assert fitting(MapSettings(n_neighbors=15), 10).n_neighbors == 9
    assert fitting(MapSettings(method="tsne", perplexity=30), 31).perplexity == 10


def test_the_key_depends_on_numbers_and_settings(groups):
    keys = {
        map_key(groups, UMAP), map_key(groups, replace(UMAP, seed=1)), map_key(groups[:-1], UMAP),
        map_key(groups.reshape(120, 6), UMAP), map_key(groups + np.float32(1e-3), UMAP),
    }  # fmt: skip
    assert len(keys) == 5 and map_key(groups.astype(np.float64), UMAP) in keys


def test_a_vector_of_zeros_has_no_place_by_cosine(queue, groups):
    with pytest.raises(BackendError, match="direction"):
        queue.submit(np.vstack([groups, np.zeros(12)]), UMAP)


def test_a_damaged_file_is_no_map(queue, groups):
    found = queue.submit(groups, TSNE).result(600)
    path = map_store.maps_folder() / f"{found.key}.npz"
    path.write_bytes(path.read_bytes()[:100])
    assert map_store.find_map(found.key) is None


def test_the_oldest_maps_go(queue, groups, monkeypatch, tmp_path):
    found = queue.submit(groups, TSNE).result(600)
    monkeypatch.setenv("TOKENSCOPE_CACHE", str(tmp_path))
    monkeypatch.setattr(map_store, "MAX_MAPS", 2)
    for age, key in enumerate("abcd"):
        path = map_store.maps_folder() / f"{key}.npz"
        map_store.save(replace(found, key=key), path)
        os.utime(path, (1000 - age, 1000 - age))
    map_store.prune()
    assert sorted(path.stem for path in map_store.maps_folder().glob("*.npz")) == ["a", "b"]


def test_the_cache_folder_follows_the_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("TOKENSCOPE_CACHE", str(tmp_path / "mine"))
    assert map_store.maps_folder() == tmp_path / "mine" / "maps"
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("TOKENSCOPE_CACHE", str(tmp_path / "file"))
    assert os.access(map_store.maps_folder(), os.W_OK)  # for as long as the process lasts


def test_it_works_from_a_script_without_a_main_guard(tmp_path, queue, groups):
    """As `streamlit run` or a notebook: the main program is neither importable nor run again by the worker."""
    np.save(tmp_path / "vectors.npy", groups)
    script = tmp_path / "page of a notebook.py"
    script.write_text(
        "import numpy as np\nprint('once')\n"
        "from model_backend.maps.projection_jobs import jobs\nfrom model_backend.base.embedding_records import MapSettings\n"
        f"v = np.load({str(tmp_path / 'vectors.npy')!r})\n"
        "settings = MapSettings(method='tsne', perplexity=7, n_steps=250)\n"
        "print(jobs().submit(v, settings).result(600).points.shape)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(projection_jobs.Path(projection_jobs.__file__).parents[2])}
    run = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert run.stdout.splitlines() == ["once", "(60, 2)"], run.stderr


@pytest.mark.parametrize("name", [entry.name for entry in catalogue.entries() if entry.source == "bundled"])
def test_bundled_maps_are_of_these_very_vectors(name, monkeypatch):
    """A map of weights that were trained again since would be a picture of another model."""
    found = bundled_maps(name)
    assert set(found) == {("umap", 2), ("umap", 3), ("tsne", 2), ("tsne", 3)}
    matrix = open_model(name).embedding_matrix()
    for (method, n_dimensions), bundled in found.items():
        assert bundled.map.points.shape == (len(bundled.token_ids), n_dimensions)
        assert bundled.map.method == method and 0.5 < bundled.map.trustworthiness <= 1
        monkeypatch.setattr(projection, "library_version", lambda _, made_by=bundled.map.version: made_by)
        assert bundled.map.key == map_key(matrix[bundled.token_ids], bundled.map.settings)


def test_models_that_do_not_ship_have_no_maps():
    assert bundled_maps("openai-community/gpt2") == {}
