# La página del agente.
officer-title = { $name } · Rowcall
others-open = { $count ->
    [one] Hay otro vehículo abierto
   *[other] Hay { $count } vehículos más abiertos
}

## En espera
idle-title = Ningún vehículo
idle-explained = El siguiente vehículo aparece aquí por sí solo si el carril lo anuncia. Si no, inícielo:
open-direction = Sentido
direction-entry = Entrada
direction-exit = Salida
direction-at = { $direction }, en { $station }
open-occupants = Personas dentro
open-occupants-why = Cuéntelas usted. Sin su cuenta no se echaría en falta a quien ninguna cámara ve.
act-open = Iniciar

## Titular
verdict-waiting = Nada visto aún
verdict-look = { $count ->
    [one] 1 punto abierto
   *[other] { $count } puntos abiertos
}
verdict-confirmed = { $count ->
    [one] 1 persona confirmada
   *[other] Las { $count } confirmadas
}
confirmed-remarks = { $count ->
    [one] una por un documento con reparo
   *[other] { $count } por documentos con reparo
}
tally = { $holders }, { $people }
tally-holders = { $count ->
    [one] 1 titular de documento
   *[other] { $count } titulares de documentos
}
tally-people = { $count ->
    [one] 1 persona dentro
   *[other] { $count } personas dentro
}
verdict-incomplete = Aún incompleto
verdict-decided = Todo decidido
verdict-vehicle-out = Revise todo el vehículo a mano
still-coming = llega más
todos-label = Qué hacer
todos-go = { $count ->
    [0] No hace falta mirar a nadie: deje seguir al vehículo y ciérrelo.
    [one] Lea el reparo de un documento; después deje ir el vehículo y ciérrelo.
   *[other] Lea los reparos de { $count } documentos; después deje ir el vehículo y ciérrelo.
}
todos-decided = Decidió sobre todo: cierre el vehículo cuando se vaya.
todos-wait = Aún no hay nada que hacer.
confirmed-of = { $confirmed } de { $all } confirmadas
todo-seat = { $place }: { $what }.
todo-document = { $place }: { $what }.
todo-holders = { $count ->
    [one] 1 documento sin su titular.
   *[other] { $count } documentos sin sus titulares.
}
todo-holders-at = Quizá allí: { $places }.
todo-more-than-declared = Más personas que las declaradas.
todo-more-than-declared-do = Cuente otra vez y mire cada asiento.
todo-camera-missing = La cámara { $name } no muestra nada.
todo-camera-frozen = La cámara { $name } está parada.
todo-frames-unreadable = Algunas imágenes no se pudieron leer.
todo-camera-do = Mire usted los asientos que muestra.
count-declared = Declaradas
count-seen = Vistas
count-confirmed = Confirmadas
count-documents = Documentos
act-declare = Fijar
time-left = Todo se borra en
time-left-explained = Entonces se destruyen todas las imágenes y todo lo leído de los documentos, salvo lo guardado como prueba. Si el vehículo sigue aquí, se inicia de nuevo.
time-left-late = ¿Falta algo? Inícielo de nuevo.
act-close = Cerrar vehículo
ask-close-open = { $count ->
    [one] Falta decidir una cosa. ¿Cerrar el vehículo de todos modos?
   *[other] Faltan { $count } cosas por decidir. ¿Cerrar el vehículo de todos modos?
}

## Asientos, documentos, vehículo
map-label = Asientos
map-front = Frente del vehículo
unplaced-title = Personas que ninguna cámara muestra
documents-title = { $count ->
    [one] 1 documento
   *[other] { $count } documentos
}
documents-none = Todavía ninguno.
document-nameless = Documento { $count }
vehicle-title = Vehículo
vehicle-nothing = Nada especial
vehicle-strangers = { $count ->
    [one] Una cara sin asiento
   *[other] { $count } caras sin asiento
}
vehicle-cameras-failed = { $count ->
    [one] Falló una cámara
   *[other] Fallaron { $count } cámaras
}
vehicle-cameras = { $count ->
    [one] 1 cámara
   *[other] { $count } cámaras
}
missing-title = Falta todavía
missing-declaration = Cuántas personas van dentro
missing-documents = Se anunciaron más documentos de los que llegaron
missing-frames = Aún no llegó ninguna imagen
missing-people = Se vieron menos personas que las declaradas
missing-adjudication = Su decisión sobre un punto abierto
decide-vehicle = Decidir sobre todo el vehículo
cameras = Cámaras
cameras-none = ninguna
camera-name = Cámara
camera-state = Estado
camera-frames-title = Imágenes
camera-frames = { $frames } revisadas, { $dropped } perdidas
camera-delivering = Funciona
camera-missing = No muestra nada
camera-frozen = Está parada

## Qué fue de un asiento
seat-empty = Nadie visto
seat-cannot-see = No se ve
seat-confirmed = Confirmado
seat-confirmed-remark = Confirmado, vea el reparo
seat-comparing = Comparando
seat-look = Mire
seat-not-captured = No visto
seat-poor-quality = No se ve bien
seat-no-matching-document = Ningún documento encaja
seat-ambiguous = Dudoso
seat-document-not-trusted = Documento no fiable
seat-document-expired = Documento caducado
seat-document-not-enough = Documento insuficiente
seat-document-unsigned = Documento sin firma
seat-document-untrusted = Firmante no fiable
seat-document-unsupported = Documento no comprobable
seat-document-invalid = Documento no válido
seat-portrait-unusable = Retrato no utilizable
seat-opted-out = A mano: así lo pidió
seat-manual-by-policy = A mano: niño pequeño
line-look = Compare las dos imágenes
stage = Se remite por
stage-seen = Motivo: no se ve
stage-quality = Motivo: la imagen
stage-match = Motivo: las caras
stage-document = Motivo: el documento
stage-policy = Se revisa a mano

## Qué hacer con un asiento
window =
    { $row ->
        [1] { $side ->
            [left] la ventanilla delantera izquierda
            [right] la ventanilla delantera derecha
           *[centre] las ventanillas delanteras
        }
        [2] { $side ->
            [left] la ventanilla trasera izquierda
            [right] la ventanilla trasera derecha
           *[centre] las ventanillas traseras
        }
       *[other] { $side ->
            [left] la ventanilla izquierda de la fila { $row }
            [right] la ventanilla derecha de la fila { $row }
           *[centre] las ventanillas de la fila { $row }
        }
    }
window-any = las ventanillas
advice-blind = Compare usted las dos imágenes.
advice-blind-no-document = Mire a esta persona: no hay retrato con que comparar.
advice-comparing = Llegan más documentos o imágenes. Espere, o decida usted.
advice-cannot-see = Mire usted allí: una cámara que vería { $place } no muestra nada.
advice-look = Mire este asiento y decida.
advice-not-captured = Mire usted allí: { $place }. Haga bajar { $window } y tome otra imagen, o revise a mano.
advice-not-captured-anywhere = Se declaró a alguien que ninguna cámara muestra: mire cada asiento, tome nuevas imágenes o corrija la cuenta.
advice-too-dark = Demasiado oscuro: haga bajar { $window } y tome otra imagen.
advice-no-contrast = Un reflejo o la oscuridad oculta la cara: haga bajar { $window } y tome otra imagen.
advice-glare = Deslumbramiento en la cara: haga bajar { $window } o dé sombra, y tome otra imagen.
advice-reflection = Hay un reflejo sobre la cara: haga bajar { $window } o dé sombra, y tome otra imagen.
advice-little-light = Muy poca luz: encienda la luz del carril o haga bajar { $window }, y tome otra imagen.
advice-compressed = Las imágenes de la cámara son demasiado toscas: tome otra y avise a la supervisión.
advice-blurred = Borroso: que el vehículo se quede quieto, y tome otra imagen.
advice-hidden = Ojos o boca tapados: pida que se descubra la cara, y tome otra imagen.
advice-eyes = Los ojos no se ven: pida que se quite las gafas oscuras o suba la visera, y tome otra imagen.
advice-turned = Mira a otro lado: pida que mire a la cámara, y tome otra imagen.
advice-too-small = Demasiado lejos: que el vehículo avance hasta la marca, y tome otra imagen.
advice-unclear = No se ve con claridad: haga bajar { $window }, pida que mire a la cámara, y tome otra imagen.
advice-no-matching-document = Pida el documento de esta persona: ninguno de aquí se le parece.
advice-no-document-unless = { $better } Si su documento no está entre estos, pídalo.
advice-runner-up-close = Compare a ojo: otra persona u otro documento de este vehículo encaja casi igual.
advice-look-alike-possible = Compare a ojo: se parece, pero un pariente cercano podría parecerse igual.
advice-several-faces = Mire este asiento: se vio más de una cara (¿un niño en brazos, una foto en alto?).
advice-portraits-differ = Compare los retratos de los documentos de este titular: no muestran a una sola persona.
advice-picture-suspected = Mire este asiento: quizá alguien muestra una foto a la cámara.
advice-document-not-trusted = La cara encaja, pero el documento no es de fiar: revise el documento mismo.
advice-portrait-unusable = Compare a ojo: un retrato que quizá sea suyo no se puede comparar.
advice-opted-out = Revise a mano: así lo pidió esta persona. No se compara ni guarda nada suyo.
advice-manual-by-policy = Revise a mano: queda el documento de un niño pequeño.

## Qué no alcanza
quality-inter-eye-distance = demasiado pequeña
quality-head-pose-yaw = vuelta de lado
quality-head-pose-pitch = mira arriba o abajo
quality-under-exposure-prevention = demasiado oscura
quality-over-exposure-prevention = demasiado clara
quality-sharpness = borrosa
quality-dynamic-range = casi sin contraste
quality-face-occlusion-prevention = ojos o boca tapados
quality-eyes-visible = ojos tapados
quality-illumination-uniformity = reflejo sobre la cara
quality-noise = muy poca luz
quality-compression-artifacts = demasiado comprimida
quality-detector-confidence = no claramente una cara

## Primero a ciegas
judge-question = ¿Una misma persona en las dos imágenes?
judge-blind = La máquina no dice nada antes de su juicio.
act-same = La misma
act-different = Distintas
act-see-document = Ver el documento
act-cannot-tell = No se sabe
you-said = Usted dijo
machine-says = La máquina dice
judged-same = La misma persona
judged-different = Dos personas distintas
judged-cannot-tell = Las imágenes no lo dicen
inclination-runner-up-close = Encaja, pero otro de aquí encaja casi igual
inclination-look-alike-possible = Se parece; un pariente podría parecerse igual
inclination-several-faces = Más de una cara en este asiento
inclination-portraits-differ = Los documentos muestran a personas distintas
picture-cue-same-picture = La cámara ve el propio retrato, con su impresión.
picture-cue-flat = Desde dos lados la cara es plana como una hoja.
picture-cue-border = Bordes rectos enmarcan la cara, como los de una hoja o una pantalla.
inclination-picture-suspected = Quizá una foto en alto
inclination-unlike = No se parece
inclination-not-trusted = La cara encaja, el documento no es fiable
inclination-not-compared = No se pudo comparar
score = Puntuación
rarity = (cerca de 1 de cada { $count } desconocidos se parece igual)
shortcomings = No alcanza
more = Más sobre este asiento

## Decisiones
decide = Su decisión
decide-again = Corregir la decisión
decide-now = Decidir sin esperar
decide-otherwise = ¿No es el titular? Decidir otra cosa
decided = Decidido:
decided-corrects = { $count ->
    [one] Corrige una decisión anterior; ambas están en el registro.
   *[other] Corrige { $count } decisiones anteriores; todas están en el registro.
}
reason-confirmed-by-eye = A ojo: es el titular
reason-confirmed-by-second-document = Lo aclara un segundo documento
reason-confirmed-by-recapture = Lo aclara una nueva imagen
reason-checked-by-hand = Revisado a mano
reason-miscount-corrected = Nadie allí, o contado dos veces
reason-sent-to-secondary = A segunda inspección
act-recapture = Nueva imagen
act-opt-out = El viajero no quiere
ask-opt-out = { $place }: ¿revisar a mano? Se destruye ahora toda imagen de esta persona. No se puede deshacer.
act-opt-out-document = El titular no quiere
ask-opt-out-document = { $name }: ¿revisar a mano? Se destruye ahora lo leído del documento. No se puede deshacer.
act-opt-out-vehicle = Todo el vehículo a mano
ask-opt-out-vehicle = ¿Revisar todo el vehículo a mano? Se destruye ahora toda imagen y todo retrato. No se puede deshacer.
act-set-aside = No es de este vehículo
act-take-back = Volver a incluirlo
join-title = Mismo titular que otro documento

## Conservación
act-hold-open = Guardar como prueba
act-hold = Conservar
act-consent = De acuerdo
hold-title = Guardar este par de imágenes como prueba
hold-explained = Las dos imágenes se conservan, cifradas, durante el tiempo que usted fije, y luego se destruyen. Consta en el registro.
hold-reason = Por qué
hold-minutes = Durante cuántos minutos
hold-at-most = como mucho { $count } min
hold-kept = Se conserva { $minutes } min: { $reason }.
hold-proposed = { $name } propone conservar este par { $minutes } min: { $reason }. Debe consentirlo otro agente.
hold-suspected-impostor = Quizá no sea el titular
hold-suspected-forgery = Quizá un retrato cambiado
hold-occupant-request = Lo pidió la persona
hold-legal-order = Orden de un tribunal o autoridad
hold-incident = Aquí pasó algo

## Imágenes
alt-live = Imagen actual: { $name }
alt-portrait = Retrato en el documento de { $name }
alt-portrait-nameless = Retrato en el documento
caption-live = Imagen actual
caption-opted-out = Sin imagen: no quiere
caption-no-portrait = Sin documento

## Qué fue de un documento
document-reading = Se está leyendo
document-holder-confirmed = Titular presente
document-holder-at = Titular: { $place }
document-unsure-at = Dudoso: { $place }
document-holder-not-found = Titular no hallado
document-perhaps-opted-out = Quizá pidió a mano
document-not-accepted = No se acepta
document-no-portrait = Sin retrato
document-poor-portrait = Retrato no utilizable
document-set-aside = Apartado
document-opted-out = A mano: así lo pidió
advice-set-aside = Usted apartó este documento: no es de este vehículo.
advice-compare-at = Compare a ojo con la persona: { $place }.
advice-where-is-holder = Pregunte dónde está el titular: nadie de los vistos se parece a este retrato.
advice-perhaps-opted-out = Compare a ojo con quien lo pidió a mano: nadie más se parece a este retrato.
advice-untrusted = Revise el documento: nadie de confianza respalda su firma.
advice-unsigned = Revise el documento: nada en él está firmado.
advice-invalid = Revise el documento: vea lo que se halló.
advice-no-portrait = Compare a ojo: este documento no tiene un retrato legible.
advice-poor-portrait = Compare a ojo: este retrato no es bastante claro.
advice-document-opted-out = Revise a mano: así lo pidió. No se guarda nada de él.
document-kind = Tipo
document-number = Número
document-issuer = Emisor
document-same-holder = Mismo titular
kind-passport = Pasaporte
kind-identity-card = Documento de identidad
kind-visa = Visado
kind-seal = Papel con sello
kind-digital-credential = Credencial digital
kind-emrtd = Documento con chip
kind-mrz = Zona impresa
kind-vds = Papel con sello
kind-idb = Papel con sello
kind-vds-nc = Papel con sello
kind-dtc = Credencial digital
kind-page = Página impresa
kind-other = Documento

## Confianza
trust-valid = De confianza
trust-valid-with-warning = Fiable, vea el reparo
trust-not-enough = No basta para confirmar
trust-unsigned = Sin firma (impreso)
trust-untrusted = Firmante no fiable
trust-unsupported = No se puede comprobar
trust-invalid = Alterado o no válido
trust-expired = Caducado
findings = Qué se halló
severity-info = Para su información
severity-warning = Raro
severity-error = Grave

finding-document-expired = El documento está caducado.
finding-not-signed = Nada en este documento está firmado: es solo impresión.
finding-signature-wrong = La firma no es correcta: el contenido fue cambiado o no es del emisor.
finding-data-group-hash-mismatch = Una parte del chip no es lo que firmó el emisor: fue cambiada.
finding-data-group-not-signed = Una parte del chip no está firmada.
finding-data-group-missing = Falta una parte del chip que fue firmada.
finding-security-object-missing = Falta la firma del chip.
finding-issuer-not-found = Nadie de confianza respalda la firma: falta aquí el certificado del emisor.
finding-issuer-revoked = El certificado del emisor fue revocado.
finding-issuer-signature-wrong = El certificado del firmante no está firmado por su emisor.
finding-signer-expired = El certificado del firmante había caducado.
finding-signer-not-yet-valid = El certificado del firmante aún no era válido.
finding-signer-certificate-missing = Falta el certificado del firmante.
finding-revocation-not-checked = No se pudo comprobar si el firmante fue revocado.
finding-revocation-list-outdated = La lista de firmantes revocados está anticuada.
finding-algorithm-not-supported = Firmado de un modo que aquí no se puede comprobar.
finding-weak-hash = Firmado de un modo antiguo y débil.
finding-weak-key = Firmado con una clave débil.
finding-printed-mrz-differs = Las líneas impresas no coinciden con el chip.
finding-mrz-missing = No hay zona de lectura mecánica.
finding-mrz-not-read = No se pudo leer la zona de lectura mecánica.
finding-mrz-repaired = Un carácter de la zona se leyó por su dígito de control.
finding-mrz-names-may-be-truncated = El nombre puede estar cortado.
finding-mrz-no-expiry-date = Sin fecha de caducidad.
finding-mrz-expiry-unlimited = No caduca.
finding-portrait-missing = No hay retrato.
finding-portrait-unreadable = No se puede leer el retrato.
finding-portrait-encoding = El retrato está en un formato que los documentos no tienen.
finding-portrait-truncated = El retrato está cortado.
finding-several-portraits = Hay más de un retrato.
finding-seal-not-signed = El sello no está firmado.
finding-seal-malformed = El sello está dañado o es incorrecto.
finding-chip-file-not-read = No se pudo leer una parte del chip.
finding-names-from-recognition = El nombre se leyó de lo impreso.
finding-dg11-birth-date-differs = El chip da dos fechas de nacimiento distintas.
finding-page-not-recognised = No se reconoció la página.

## Caras sin asiento
stranger-outside = Alguien fuera del vehículo (cámara { $camera })
stranger-leaning = { $place }: se asoma del asiento
stranger-inside-picture = Una cara enmarcada dentro: ¿foto o pantalla? (cámara { $camera })
stranger-inside-small = Una cara pequeña sin asiento (cámara { $camera })
stranger-inside-large = Una cara muy cerca de la cámara ({ $camera })
stranger-inside-between-seats = Una cara entre los asientos (cámara { $camera })
stranger-advice-outside = No se compara. No hay nada que hacer.
stranger-advice-leaning = Cuenta para ese asiento.
stranger-advice-picture = Mire quién o qué es: una foto en alto o una persona.
stranger-advice-inside = Quizá falte contar a alguien: mire dentro y cuente.
stranger-perhaps = Sin hallar: { $name }. Pregunte si es esa persona.

## La máquina se equivoca
reminder-errs = La máquina se equivoca: confíe en sus ojos.
reminder-wrong = Cerca de 1 de cada { $count } vehículos con una persona equivocada se confirmaría.
reminder-referred = De 100 personas con su propio documento unas { $count } se le envían a usted.
reminder-not-measured = Con qué frecuencia no se ha medido en este carril.
reminder-measured-on = (medido el { $name })

## Teclas
keys-toggle = Teclas
keys-label = Teclas:
keys-move = asiento
keys-next = siguiente por mirar
keys-judge = juzgar
keys-decide = decidir
keys-opt-out = a mano
keys-hold = conservar
keys-declare = personas dentro
keys-vehicle = vehículo

## Junto a los otros documentos del vehículo
finding-portraits-differ = Los documentos de este titular muestran a dos personas distintas.
finding-presented-twice = El mismo documento se presentó dos veces.
finding-number-of-another = Lleva el número de otro documento y es de otra persona.
finding-portrait-turned = Su retrato no está derecho.
finding-portrait-framed = Su retrato puede ser una imagen de otra imagen.
finding-joined-by-officer = Usted dijo que es del mismo titular que otro documento.
